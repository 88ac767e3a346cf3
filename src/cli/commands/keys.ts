import { Option, type Command } from 'commander';
import type { ApiKey, EncryptionRotation } from '../api-types';
import type { Cli } from '../cli';
import { apiPath } from '../http';
import { showList, withPages, type PageOptions } from '../listing';
import type { Column } from '../table';
import { cleanLine } from '../text';
import { age } from '../times';

const columns: Column<ApiKey>[] = [
  { title: 'KEY', value: ({ id }) => id, color: () => 'cyan' },
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'ROLE', value: ({ role }) => role },
  {
    title: 'STATE',
    value: ({ revoked_at }) => (revoked_at === null ? 'active' : 'revoked'),
    color: ({ revoked_at }) => (revoked_at === null ? 'green' : 'dim'),
  },
  { title: 'CREATED', value: ({ created_at }) => age(created_at), align: 'right' },
  { title: 'BY', value: ({ created_by }) => created_by, shrinks: true, expendable: 1 },
];

/** Adds `keys …`. */
export function addKeys(program: Command, cli: Cli): void {
  const keys = program
    .command('keys')
    .description('make and revoke API keys; encrypt stored secrets with a new key');

  keys
    .command('create')
    .description('make a key; it is shown this once')
    .requiredOption('--name <name>', 'what it is for')
    .addOption(
      new Option(
        '--role <role>',
        "what it may do: a sender only posts events, a decoder only shows payloads in Temporal's UI",
      )
        .choices(['admin', 'editor', 'viewer', 'sender', 'decoder'])
        .makeOptionMandatory(),
    )
    .action(async ({ name, role }: { name: string; role: string }) => {
      const api = await cli.api();
      const { body } = await api.request<ApiKey & { key: string }>('POST', apiPath('api-keys'), {
        json: { name, role },
      });
      if (cli.out.json) {
        cli.out.document(body);
        return;
      }
      cli.out.note(`Key ${cleanLine(body.id)} (${cleanLine(body.role)}). It is shown this once:`);
      cli.out.print(body.key);
    });

  withPages(keys.command('list').description('list keys, revoked ones too')).action(
    async (options: PageOptions) => {
      await showList(cli, apiPath('api-keys'), {}, options, { columns, none: 'No keys.' });
    },
  );

  keys
    .command('revoke')
    .description('revoke a key: it is refused from then on')
    .argument('<key-id>')
    .action(async (id: string) => {
      const api = await cli.api();
      await api.request('DELETE', apiPath('api-keys', id));
      if (!cli.out.json) cli.out.print(`Revoked ${cleanLine(id)}`);
    });

  keys
    .command('rotate')
    .description('encrypt all stored secrets anew: with a new key, or with the first of ENCRYPTION_KEY')
    .action(async () => {
      const api = await cli.api();
      const { body } = await api.request<EncryptionRotation>('POST', apiPath('encryption', 'rotate'));
      if (cli.out.json) {
        cli.out.document(body);
        return;
      }
      cli.out.print(`Encrypted ${body.resealed} secrets anew. The key is ${cleanLine(body.key)}`);
      if (body.retired.length > 0) {
        cli.out.print(`No longer needed: ${body.retired.map(cleanLine).join(', ')}`);
      }
    });
}
