import type { Command } from 'commander';
import type { ExecutionDetail } from '../api-types';
import type { Cli } from '../cli';
import { addExecutionActions } from './execution-actions';
import {
  executionColumns,
  filterQuery,
  withExecutionFilters,
  type ExecutionFilters,
} from '../execution-filters';
import { executionIdIn } from '../execution-id';
import { timelineLines } from '../execution-timeline';
import { EXIT } from '../exit-codes';
import { followAll } from '../follow';
import { apiPath } from '../http';
import { showList, withPages, type PageOptions } from '../listing';

/** Adds `executions …`. */
export function addExecutions(program: Command, cli: Cli): void {
  const executions = program
    .command('executions')
    .description('see what rules have started; retry, pause, cancel and restart it');

  withPages(
    withExecutionFilters(executions.command('list').description('list executions, newest first')),
  ).action(async ({ limit, all, cursor, ...filters }: PageOptions & ExecutionFilters) => {
    const view = { columns: executionColumns, none: 'No executions.' };
    await showList(cli, apiPath('executions'), filterQuery(filters), { limit, all, cursor }, view);
  });

  withExecutionFilters(executions.command('count').description('count executions')).action(
    async (filters: ExecutionFilters) => {
      const api = await cli.api();
      const body = await api.get<{ count: number }>(apiPath('executions', 'count'), filterQuery(filters));
      if (cli.out.json) cli.out.document(body);
      else cli.out.print(String(body.count));
    },
  );

  withExecutionFilters(
    executions.command('export').description('print executions as NDJSON, one a line, all of them'),
  )
    .option('--detail', 'each with its attempts')
    .action(async ({ detail, ...filters }: ExecutionFilters & { detail?: boolean }) => {
      const api = await cli.api();
      const lines = api.lines(apiPath('executions', 'export'), { ...filterQuery(filters), detail });
      for await (const execution of lines) cli.out.item(execution);
    });

  executions
    .command('show')
    .description('show an execution with each of its attempts')
    .argument('<execution>')
    .option('--verbose', 'show requests, headers and the e-mail too, and bodies whole')
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

  addExecutionActions(executions, cli);
}
