import { Argument, Option, type Command } from 'commander';
import type { BulkOperation, BulkSelection, BulkSummary } from '../api-types';
import type { Cli } from '../cli';
import { BadInputError } from '../errors';
import {
  executionColumns,
  filterQuery,
  oneStatus,
  withExecutionFilters,
  type ExecutionFilters,
} from '../execution-filters';
import { apiPath } from '../http';
import { integer, pastTime } from '../options';
import type { Column } from '../table';
import { cleanLine } from '../text';
import { age } from '../times';

const ACTIONS = ['retry', 'cancel', 'pause', 'resume', 'release', 'restart', 'restart_from_failed'];

const columns: Column<BulkSummary>[] = [
  { title: 'OPERATION', value: ({ id }) => id, color: () => 'cyan' },
  { title: 'STATUS', value: ({ status }) => status },
  { title: 'AGE', value: ({ started_at }) => age(started_at), align: 'right' },
];

interface StartOptions extends ExecutionFilters {
  notice?: string;
  yes?: boolean;
  all?: boolean;
  perSecond?: number;
  reason?: string;
  id?: string;
}

/** Adds `bulk …` and `recover`. */
export function addBulk(program: Command, cli: Cli): void {
  const bulk = program.command('bulk').description('do one thing to many executions');

  withStartOptions(
    withExecutionFilters(
      bulk
        .command('start')
        .description('do something to all executions that fit; without --yes, only count and show them')
        .addArgument(new Argument('<action>').choices(ACTIONS)),
      oneStatus(),
    ),
  )
    .option('--notice <notice>', 'that this notice told of: the id stands in the e-mail')
    .option('--all', 'every execution, when nothing else says which')
    .option('--reason <reason>', 'of a cancellation')
    .action(async (action: string, options: StartOptions) => {
      await start(cli, action, options);
    });

  bulk
    .command('list')
    .description('list the latest bulk operations')
    .action(async () => {
      const api = await cli.api();
      const page = await api.get<{ items: BulkSummary[] }>(apiPath('bulk-operations'));
      if (cli.out.json) cli.out.document(page);
      else if (page.items.length === 0) cli.out.note('No bulk operations.');
      else cli.out.table(columns, page.items);
    });

  bulk
    .command('show')
    .description('show how far a bulk operation is, or what it came to')
    .argument('<operation>')
    .action(async (id: string) => {
      const api = await cli.api();
      const found = await api.get<BulkOperation>(apiPath('bulk-operations', id));
      if (cli.out.json) cli.out.document(found);
      else print(cli, found);
    });

  bulk
    .command('cancel')
    .description('end a bulk operation after the batch that is under way')
    .argument('<operation>')
    .action(async (id: string) => {
      const api = await cli.api();
      await api.request('POST', apiPath('bulk-operations', id, 'cancel'));
      if (!cli.out.json) cli.out.print(`${cleanLine(id)} ends`);
    });

  withStartOptions(
    program
      .command('recover')
      .description(
        'restart what was escalated, from the step that failed; without --yes, only count and show it',
      )
      .argument('[destination]', 'only what failed at this origin')
      .option('--rule <rule>', 'only of this rule')
      .option('--domain <domain>', 'only about this domain')
      .option('--since <time>', 'escalated then or later: "friday", "2d", a time', pastTime)
      .option('--until <time>', 'escalated before then', pastTime),
  ).action(
    async (destination: string | undefined, options: StartOptions & { since?: string; until?: string }) => {
      const { since: endedFrom, until: endedTo, ...rest } = options;
      const which = {
        status: 'escalated',
        ...(destination !== undefined && { destination }),
        ...(endedFrom !== undefined && { endedFrom }),
        ...(endedTo !== undefined && { endedTo }),
      };
      await start(cli, 'restart_from_failed', { ...rest, ...which });
    },
  );
}

function withStartOptions(command: Command): Command {
  return command
    .option('--yes', 'do it')
    .addOption(new Option('--per-second <n>', 'how fast at most (else 20)').argParser(integer(1, 200)))
    .option('--id <id>', 'names the operation: another one by this id does nothing');
}

async function start(
  cli: Cli,
  action: string,
  { yes = false, notice, all, perSecond, reason, id, ...filters }: StartOptions,
): Promise<void> {
  const filter = Object.fromEntries(
    Object.entries({ ...filterQuery(filters), notice }).filter(([, value]) => value !== undefined),
  );
  if (Object.keys(filter).length === 0 && all !== true) {
    throw new BadInputError('say which executions, or --all');
  }
  const api = await cli.api();
  const json = { action, filter, all, per_second: perSecond, reason, id };
  const path = apiPath('bulk-operations');
  if (yes) {
    const { body } = await api.request<{ id: string }>('POST', path, { json });
    if (cli.out.json) cli.out.document(body);
    else cli.out.print(`Started ${cleanLine(body.id)}; see "bulk show ${cleanLine(body.id)}"`);
    return;
  }
  const { body } = await api.request<BulkSelection>('POST', path, { json: { ...json, dry_run: true } });
  if (cli.out.json) {
    cli.out.document(body);
    return;
  }
  if (body.sample.length > 0) cli.out.table(executionColumns, body.sample);
  cli.out.print(`${action}: ${body.count} executions`);
  cli.out.note('Nothing was done: add --yes to do it.');
}

function print(cli: Cli, { id, status, progress }: BulkOperation): void {
  const { out } = cli;
  out.print(`${out.colors.bold(cleanLine(id))}  ${progress?.cancelled ? 'cancelled' : status}`);
  if (progress === null) return;
  out.print(`${progress.done} done of ${progress.selected}`);
  for (const [reason, count] of Object.entries(progress.refused)) {
    out.print(`${count} refused: ${cleanLine(reason)}`);
  }
  for (const { execution_id, reason } of progress.examples) {
    out.print(out.colors.dim(`  ${cleanLine(execution_id)}  ${cleanLine(reason)}`));
  }
}
