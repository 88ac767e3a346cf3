import { z } from 'zod';
import type { ApiApp } from '../app';
import { workspaceOf } from '../auth';
import { escalationWithMail } from '../escalation-mail';
import { cursorAt, idCursor, pageOf, pageQuery } from '../page';
import { notFound, problems } from '../problem';
import { executionDetail, executionSummary } from '../schemas/execution';
import { filterOf, filterQuery } from '../schemas/execution-filter';
import { byId } from '../schemas/ids';
import type { ApiDependencies } from '../server';
import { inTime } from '../../ingest/in-time';
import { countExecutions, listExecutions, showExecution } from '../../client/executions';

const filterSchema = z.strictObject(filterQuery);

export function executionRoutes(app: ApiApp, { client, store: { escalations } }: ApiDependencies): void {
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
        listExecutions(client, { ...filterOf(filter), workspace: workspaceOf(request) }, page),
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
        countExecutions(client, {
          ...filterOf(request.query),
          workspace: workspaceOf(request),
        }),
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
      const workspace = workspaceOf(request);
      const found = await inTime(client, () => showExecution(client, workspace, request.params.id));
      if (found === undefined) throw notFound('execution');
      return { ...found, escalation: await escalationWithMail(escalations, workspace, found) };
    },
  );
}
