import type { Command } from 'commander';
import type { Credential } from '../api-types';
import type { Cli } from '../cli';
import { BadInputError } from '../errors';
import { apiPath } from '../http';
import { nameOf, placeIn, readSecretYaml } from '../input';
import { showList, withPages, type PageOptions } from '../listing';
import type { Column } from '../table';
import { cleanLine } from '../text';
import { age } from '../times';
import { printYaml } from '../yaml-output';

/** As large as the API lets one be. Bytes. */
const MAX_FILE_BYTES = 262_144;

const columns: Column<Credential>[] = [
  { title: 'CREDENTIAL', value: ({ id }) => id, color: () => 'cyan' },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'NAME', value: ({ name }) => name, shrinks: true, expendable: 2 },
  { title: 'FOR', value: ({ origins }) => origins.join(' '), shrinks: true },
  { title: 'CHANGED', value: ({ updated_at }) => age(updated_at), align: 'right', expendable: 1 },
];

/** Adds `credentials …`. */
export function addCredentials(program: Command, cli: Cli): void {
  const credentials = program
    .command('credentials')
    .description('see and change what calls are authenticated with');

  withPages(credentials.command('list').description('list credentials')).action(
    async (options: PageOptions) => {
      await showList(cli, apiPath('credentials'), {}, options, { columns, none: 'No credentials.' });
    },
  );

  credentials
    .command('show')
    .description('show a credential without its secrets, as YAML, which can be edited and set')
    .argument('<credential>')
    .action(async (id: string) => {
      const api = await cli.api();
      const credential = await api.get<Credential>(apiPath('credentials', id));
      if (cli.out.json) {
        cli.out.document(credential);
        return;
      }
      const { secret_fields, ...written } = credential;
      if (secret_fields.length > 0) {
        const names = secret_fields.map(cleanLine).join(', ');
        cli.out.print(cli.out.colors.dim(`# it has: ${names} (kept while left out)`));
      }
      await printYaml(cli.out, written);
    });

  credentials
    .command('set')
    .description('create or replace a credential from a YAML or JSON file: id, kind, origins and the rest')
    .argument('<file>', '"-" is standard input')
    .addHelpText(
      'after',
      '\nSecrets that the file leaves out stay as they are while the kind stays, and origins and token_url name nothing new.',
    )
    .action(async (file: string) => {
      const source = await readSecretYaml(file, cli.world.stdin, MAX_FILE_BYTES);
      const id = idIn(source);
      if (id === undefined) throw new BadInputError(`${nameOf(file)}: id: must be the id of a credential`);
      const api = await cli.api();
      const { status, body } = await api.request<Credential>('PUT', apiPath('credentials', id), {
        json: source,
        locate: placeIn(file),
      });
      if (cli.out.json) cli.out.document(body);
      else
        cli.out.print(
          `${cleanLine(body.id)} ${status === 201 ? 'created' : 'replaced'} (version ${body.version})`,
        );
    });

  credentials
    .command('delete')
    .description('delete a credential; not while a rule or a destination names it')
    .argument('<credential>')
    .action(async (id: string) => {
      const api = await cli.api();
      await api.request('DELETE', apiPath('credentials', id));
      if (!cli.out.json) cli.out.print(`Deleted ${cleanLine(id)}`);
    });
}

function idIn(source: unknown): string | undefined {
  const id = typeof source === 'object' && source !== null && 'id' in source ? source.id : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}
