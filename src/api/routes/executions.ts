import { z } from 'zod';
import type { ApiApp } from '../app';
import { workspaceOf } from '../auth';
import { cursorAt, idCursor, pageOf, pageQuery } from '../page';
import { notFound, problems } from '../problem';
import { EXECUTION_STATUSES, executionDetail, executionSummary } from '../schemas/execution';
import { flag } from '../schemas/flag';
import { byId, idParam } from '../schemas/ids';
import type { ApiDependencies } from '../server';
import { inTime } from '../../ingest/in-time';
import {
  countExecutions,
  listExecutions,
  showExecution,
  type ExecutionFilter,
} from '../../client/executions';

const filterQuery = {
  rule: idParam.optional().meta({ description: 'A rule’s id.' }),
  domain: idParam.toLowerCase().optional(),
  status: z
    .enum(['running', ...EXECUTION_STATUSES])
    .optional()
    .meta({ description: '`running`: any that has not ended.' }),
  event: idParam.optional().meta({ description: 'An event’s id.' }),
  type: idParam.optional().meta({ description: 'What triggered it, e.g. `grade_drop` or `invoice.paid`.' }),
  test: flag.optional(),
  from: z.iso.datetime({ offset: true }).optional().meta({ description: 'Started then or later.' }),
  to: z.iso.datetime({ offset: true }).optional().meta({ description: 'Started before then.' }),
};
const filterSchema = z.strictObject(filterQuery);

export function executionRoutes(app: ApiApp, { client }: ApiDependencies): void {
  app.get(
    '/v1/executions',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listExecutions',
        tags: ['Executions'],
        summary: 'List executions: those that run, newest first, then those that have ended, latest first',
        querystring: z.strictObject({ ...pageQuery, cursor: idCursor, ...filterQuery }),
        response: { 200: pageOf(executionSummary) },
      },
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query;
      const page = { limit, cursor };
      const { items, nextCursor } = await inTime(client, () =>
        listExecutions(client, filterOf(workspaceOf(request), filter), page),
      );
      return { items, next_cursor: nextCursor === null ? null : cursorAt(nextCursor) };
    },
  );

  app.get(
    '/v1/executions/count',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'countExecutions',
        tags: ['Executions'],
        summary: 'Count executions',
        querystring: filterSchema,
        response: { 200: z.object({ count: z.int() }) },
      },
    },
    async (request) => ({
      count: await inTime(client, () =>
        countExecutions(client, filterOf(workspaceOf(request), request.query)),
      ),
    }),
  );

  app.get(
    '/v1/executions/:id',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getExecution',
        tags: ['Executions'],
        summary: 'Get an execution and each of its attempts',
        params: byId,
        response: { 200: executionDetail, ...problems(404) },
      },
    },
    async (request) => {
      const found = await inTime(client, () =>
        showExecution(client, workspaceOf(request), request.params.id),
      );
      if (found === undefined) throw notFound('execution');
      return found;
    },
  );
}

function filterOf(workspace: string, filter: z.output<typeof filterSchema>): ExecutionFilter {
  return {
    workspace,
    ruleId: filter.rule,
    domain: filter.domain,
    status: filter.status,
    eventId: filter.event,
    eventType: filter.type,
    test: filter.test,
    startedFrom: filter.from,
    startedBefore: filter.to,
  };
}
