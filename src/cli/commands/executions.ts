import { Option, type Command } from 'commander';
import type { ExecutionDetail, ExecutionSummary } from '../api-types';
import type { Cli } from '../cli';
import { executionIdIn } from '../execution-id';
import { timelineLines } from '../execution-timeline';
import { EXIT } from '../exit-codes';
import { followAll } from '../follow';
import { apiPath, type Query } from '../http';
import { showList, withPages, type PageOptions } from '../listing';
import { pastTime } from '../options';
import { statusColor } from '../status-color';
import type { Column } from '../table';
import { age, until } from '../times';

const STATUSES = [
  'running',
  'delivering',
  'waiting_for_retry',
  'escalating',
  'delivered',
  'escalated',
  'cancelled',
  'abandoned',
  'failed',
  'terminated',
];

const columns: Column<ExecutionSummary>[] = [
  { title: 'EXECUTION', value: ({ execution_id }) => execution_id, color: () => 'cyan' },
  { title: 'RULE', value: ({ rule, test }) => `${rule.id}${test ? ' (test)' : ''}`, shrinks: true },
  { title: 'DOMAIN', value: ({ domain }) => domain, shrinks: true, expendable: 2 },
  { title: 'EVENT', value: ({ event }) => event.id, shrinks: true, expendable: 4 },
  { title: 'TYPE', value: ({ event }) => event.type, shrinks: true, expendable: 3 },
  { title: 'STATUS', value: ({ status }) => status, color: ({ status }) => statusColor(status) },
  { title: 'AGE', value: ({ started_at }) => age(started_at), align: 'right' },
  { title: 'RETRY', value: ({ next_retry_at }) => until(next_retry_at), align: 'right', expendable: 1 },
];

interface Filters {
  rule?: string;
  domain?: string;
  status?: string;
  event?: string;
  type?: string;
  test?: boolean;
  from?: string;
  to?: string;
}

/** Adds `executions …`. */
export function addExecutions(program: Command, cli: Cli): void {
  const executions = program.command('executions').description('see what rules have started');

  withPages(withFilters(executions.command('list').description('list executions, newest first'))).action(
    async ({ limit, all, cursor, ...filters }: PageOptions & Filters) => {
      const view = { columns, none: 'No executions.' };
      await showList(cli, apiPath('executions'), queryOf(filters), { limit, all, cursor }, view);
    },
  );

  withFilters(executions.command('count').description('count executions')).action(
    async (filters: Filters) => {
      const api = await cli.api();
      const body = await api.get<{ count: number }>(apiPath('executions', 'count'), queryOf(filters));
      if (cli.out.json) cli.out.document(body);
      else cli.out.print(String(body.count));
    },
  );

  executions
    .command('show')
    .description('show an execution with each of its attempts')
    .argument('<execution>')
    .option('--verbose', 'show requests and headers too, and bodies whole')
    .action(async (id: string, { verbose = false }: { verbose?: boolean }) => {
      const api = await cli.api();
      const execution = await api.get<ExecutionDetail>(apiPath('executions', executionIdIn(id)));
      if (cli.out.json) {
        cli.out.document(execution);
        return;
      }
      const { colors, width } = cli.out;
      for (const line of timelineLines(execution, { verbose, colors, width })) cli.out.print(line);
    });

  executions
    .command('follow')
    .description('follow executions from their beginning until each has ended')
    .argument('<execution...>')
    .action(async (ids: string[]) => {
      const api = await cli.api();
      const followed = ids.map(executionIdIn).map((executionId) => ({ executionId, who: executionId }));
      cli.exitCode = (await followAll(cli, api, followed)) ? EXIT.done : EXIT.failed;
    });
}

function withFilters(command: Command): Command {
  return command
    .option('--rule <rule>', 'of this rule')
    .option('--domain <domain>', 'about this domain')
    .addOption(new Option('--status <status>', 'that stand like this').choices(STATUSES))
    .option('--event <event>', 'that an event of this id started')
    .option('--type <type>', 'that this kind of trigger started, e.g. grade_drop or invoice.paid')
    .option('--test', 'only tests')
    .option('--no-test', 'no tests')
    .option('--from <time>', 'started then or later: a time, or how long ago, such as 2h', pastTime)
    .option('--to <time>', 'started before then', pastTime);
}

function queryOf({ rule, domain, status, event, type, test, from, to }: Filters): Query {
  return { rule, domain, status, event, type, test, from, to };
}
