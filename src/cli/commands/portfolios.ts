import type { Command } from 'commander';
import type { Portfolio, Scorecard } from '../api-types';
import type { Cli } from '../cli';
import { CommandError } from '../errors';
import { EXIT } from '../exit-codes';
import { apiPath, type ApiClient } from '../http';
import { showList, withPages, type PageOptions } from '../listing';
import { ApiError } from '../problem';
import type { Column } from '../table';
import { cleanLine } from '../text';
import { age } from '../times';
import { scorecardColumns } from './scorecards';

const columns: Column<Portfolio>[] = [
  { title: 'PORTFOLIO', value: ({ id }) => id, color: () => 'cyan', shrinks: true },
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'SCORECARDS', value: ({ scorecards }) => scorecards, align: 'right' },
  { title: 'VERSION', value: ({ version }) => version, align: 'right', expendable: 2 },
  { title: 'CHANGED', value: ({ updated_at }) => age(updated_at), align: 'right', expendable: 1 },
];

/** Adds `portfolios …`. */
export function addPortfolios(program: Command, cli: Cli): void {
  const portfolios = program.command('portfolios').description('see and change groups of scorecards');

  withPages(portfolios.command('list').description('list portfolios')).action(
    async (options: PageOptions) => {
      await showList(cli, apiPath('portfolios'), {}, options, { columns, none: 'No portfolios.' });
    },
  );

  withPages(
    portfolios.command('show').description('list the scorecards of a portfolio').argument('<portfolio>'),
  ).action(async (id: string, options: PageOptions) => {
    const view = { columns: scorecardColumns, none: `${cleanLine(id)} has no scorecards.` };
    await showList<Scorecard>(cli, apiPath('portfolios', id, 'scorecards'), {}, options, view);
  });

  portfolios
    .command('create')
    .description('create a portfolio')
    .argument('<id>', 'the id that rules will name it by')
    .argument('[scorecard...]', 'ids or domains of its first scorecards')
    .option('--name <name>', 'for people')
    .action(async (id: string, scorecards: string[], { name }: { name?: string }) => {
      const api = await cli.api();
      await create(api, id, name);
      if (scorecards.length > 0)
        await api.request('POST', apiPath('portfolios', id, 'scorecards'), { json: { scorecards } });
      await report(cli, api, id);
    });

  portfolios
    .command('add')
    .description('add scorecards to a portfolio; those that are not known are created')
    .argument('<portfolio>')
    .argument('<scorecard...>', 'ids or domains')
    .action(async (id: string, scorecards: string[]) => {
      const api = await cli.api();
      await api.request('POST', apiPath('portfolios', id, 'scorecards'), { json: { scorecards } });
      await report(cli, api, id);
    });

  portfolios
    .command('remove')
    .description('take scorecards out of a portfolio')
    .argument('<portfolio>')
    .argument('<scorecard...>', 'ids')
    .action(async (id: string, scorecards: string[]) => {
      const api = await cli.api();
      for (const scorecard of scorecards) {
        await api.request('DELETE', apiPath('portfolios', id, 'scorecards', scorecard));
      }
      await report(cli, api, id);
    });

  portfolios
    .command('delete')
    .description('delete a portfolio, but not its scorecards; not while a rule names it')
    .argument('<portfolio>')
    .action(async (id: string) => {
      const api = await cli.api();
      await api.request('DELETE', apiPath('portfolios', id));
      if (!cli.out.json) cli.out.print(`Deleted ${cleanLine(id)}`);
    });
}

async function create(api: ApiClient, id: string, name: string | undefined): Promise<void> {
  try {
    await api.request('PUT', apiPath('portfolios', id), {
      json: { name: name ?? null },
      headers: { 'if-none-match': '*' },
    });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 412) throw error;
    throw new CommandError(EXIT.conflict, `there is a portfolio ${cleanLine(id)} already`);
  }
}

async function report(cli: Cli, api: ApiClient, id: string): Promise<void> {
  const portfolio = await api.get<Portfolio>(apiPath('portfolios', id));
  if (cli.out.json) cli.out.document(portfolio);
  else {
    const { scorecards } = portfolio;
    cli.out.print(`${cleanLine(portfolio.id)} has ${scorecards} scorecard${scorecards === 1 ? '' : 's'}`);
  }
}
