import type { Command } from 'commander';
import type { Member } from '../api-types';
import type { Cli } from '../cli';
import { apiPath } from '../http';
import { showList, withPages, type PageOptions } from '../listing';
import type { Column } from '../table';
import { cleanLine } from '../text';
import { age } from '../times';

const columns: Column<Member>[] = [
  { title: 'MEMBER', value: ({ id }) => id, color: () => 'cyan' },
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'E-MAIL', value: ({ email }) => email, shrinks: true },
  { title: 'CHANGED', value: ({ updated_at }) => age(updated_at), align: 'right', expendable: 1 },
];

/** Adds `members …`. */
export function addMembers(program: Command, cli: Cli): void {
  const members = program.command('members').description('see and change the people who own rules');

  withPages(members.command('list').description('list members')).action(async (options: PageOptions) => {
    await showList(cli, apiPath('members'), {}, options, { columns, none: 'No members.' });
  });

  members
    .command('add')
    .description('add a member, or change their name and address')
    .argument('<id>', 'the id that rules will name them by')
    .requiredOption('--name <name>')
    .requiredOption('--email <address>', 'where escalations of their rules go')
    .action(async (id: string, { name, email }: { name: string; email: string }) => {
      const api = await cli.api();
      const { status, body } = await api.request<Member>('PUT', apiPath('members', id), {
        json: { name, email },
      });
      if (cli.out.json) cli.out.document(body);
      else
        cli.out.print(
          `${status === 201 ? 'Added' : 'Changed'} ${cleanLine(`${body.id}: ${body.name} <${body.email}>`)}`,
        );
    });

  members
    .command('delete')
    .description('delete a member; not while a rule is theirs')
    .argument('<member>')
    .action(async (id: string) => {
      const api = await cli.api();
      await api.request('DELETE', apiPath('members', id));
      if (!cli.out.json) cli.out.print(`Deleted ${cleanLine(id)}`);
    });
}
