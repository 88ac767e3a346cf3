import type { Command } from 'commander';
import type { Counts, Scorecard } from '../api-types';
import type { Cli } from '../cli';
import { CommandError } from '../errors';
import { apiPath } from '../http';
import { batchesOf } from '../import-batches';
import { nameOf, readInput } from '../input';
import { showList, withPages, type PageOptions } from '../listing';
import type { Column } from '../table';
import { cleanLine } from '../text';

/** Some hundred thousand scorecards. Larger is a wrong file. Bytes. */
const MAX_FILE_BYTES = 64_000_000;

export const scorecardColumns: Column<Scorecard>[] = [
  { title: 'SCORECARD', value: ({ id }) => id, color: () => 'cyan', shrinks: true },
  { title: 'DOMAIN', value: ({ domain }) => domain, shrinks: true },
  { title: 'MINE', value: ({ mine }) => (mine ? 'yes' : '') },
  { title: 'FOLLOWED', value: ({ followed }) => (followed ? 'yes' : '') },
];

interface ListOptions extends PageOptions {
  mine?: boolean;
  followed?: boolean;
  domain?: string;
}

/** Adds `scorecards …`. */
export function addScorecards(program: Command, cli: Cli): void {
  const scorecards = program
    .command('scorecards')
    .description('see and import the scorecards that rules are about');

  withPages(
    scorecards
      .command('list')
      .description('list scorecards')
      .option('--mine', 'only those that are ours')
      .option('--followed', 'only those that are followed')
      .option('--domain <domain>', 'only those of a domain'),
  ).action(async ({ mine, followed, domain, ...options }: ListOptions) => {
    const view = { columns: scorecardColumns, none: 'No scorecards.' };
    await showList(cli, apiPath('scorecards'), { mine, followed, domain }, options, view);
  });

  scorecards
    .command('import')
    .description('create or update scorecards from a CSV or JSON file')
    .argument(
      '<file>',
      'CSV whose first line has id, domain, mine, followed (or some of them), or JSON; "-" is standard input',
    )
    .option('--portfolio <portfolio>', 'add them all to this portfolio')
    .action(async (file: string, { portfolio }: { portfolio?: string }) => {
      await importFile(cli, file, portfolio);
    });

  scorecards
    .command('delete')
    .description('delete a scorecard, also from its portfolios')
    .argument('<scorecard>')
    .action(async (id: string) => {
      const api = await cli.api();
      await api.request('DELETE', apiPath('scorecards', id));
      if (!cli.out.json) cli.out.print(`Deleted ${cleanLine(id)}`);
    });
}

async function importFile(cli: Cli, file: string, portfolio: string | undefined): Promise<void> {
  const name = nameOf(file);
  const content = await readInput(file, cli.world.stdin, MAX_FILE_BYTES);
  // Brings a schema library with it that no other command needs.
  const { readScorecards } = await import('../scorecard-file.js');
  const rows = readScorecards(name, content);
  const api = await cli.api();
  const total: Counts = { created: 0, updated: 0, unchanged: 0 };
  let done = 0;
  for (const batch of batchesOf(rows)) {
    const locate = (path: string) => {
      const [, index = '', rest = ''] = /^scorecards\[(\d+)\]\.?(.*)$/s.exec(path) ?? [];
      const row = batch[Number(index)];
      if (index === '' || row === undefined) return path === '' ? name : path;
      return [name, row.at, ...(rest === '' ? [] : [rest])].join(': ');
    };
    const json = {
      scorecards: batch.map(({ scorecard }) => scorecard),
      ...(portfolio !== undefined && { portfolio }),
    };
    try {
      const { body } = await api.request<Counts>('POST', apiPath('scorecards', 'import'), { json, locate });
      for (const outcome of ['created', 'updated', 'unchanged'] as const) total[outcome] += body[outcome];
    } catch (error) {
      if (!(error instanceof CommandError) || done === 0) throw error;
      // A file that is too large for one request goes in several.
      const message = `${error.message}\n${done} of ${rows.length} were imported; the same file again does the rest`;
      throw new CommandError(error.exitCode, message);
    }
    done += batch.length;
  }
  if (cli.out.json) cli.out.document(total);
  else {
    const { created, updated, unchanged } = total;
    cli.out.print(
      `${rows.length} scorecards: ${created} created, ${updated} updated, ${unchanged} unchanged`,
    );
  }
}
