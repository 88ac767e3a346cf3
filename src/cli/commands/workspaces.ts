import type { Command } from 'commander';
import type { Workspace } from '../api-types';
import type { Cli } from '../cli';
import { apiPath } from '../http';
import { showList, withPages, type PageOptions } from '../listing';
import type { Column } from '../table';
import { cleanLine } from '../text';
import { age } from '../times';

const columns: Column<Workspace>[] = [
  { title: 'WORKSPACE', value: ({ id }) => id, color: () => 'cyan' },
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'CREATED', value: ({ created_at }) => age(created_at), align: 'right' },
];

/** Adds `workspaces …`. */
export function addWorkspaces(program: Command, cli: Cli): void {
  const workspaces = program
    .command('workspaces')
    .description('see and create workspaces; with an admin key of the default one');

  withPages(workspaces.command('list').description('list workspaces')).action(
    async (options: PageOptions) => {
      await showList(cli, apiPath('workspaces'), {}, options, { columns, none: 'No workspaces.' });
    },
  );

  workspaces
    .command('create')
    .description('create a workspace; its first admin key is shown this once')
    .argument('<id>')
    .option('--name <name>', 'for people; the id when absent')
    .action(async (id: string, { name = id }: { name?: string }) => {
      const api = await cli.api();
      const { body } = await api.request<Workspace & { key: string }>('POST', apiPath('workspaces'), {
        json: { id, name },
      });
      if (cli.out.json) {
        cli.out.document(body);
        return;
      }
      cli.out.note(`Workspace ${cleanLine(body.id)}. Its first admin key is shown this once:`);
      cli.out.print(body.key);
    });
}
