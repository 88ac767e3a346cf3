import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf, workspaceOf } from '../auth';
import { invalid, notFound, problems, RequestProblem } from '../problem';
import {
  bulkOperationAnswer,
  bulkOperationBody,
  bulkOperationDetail,
  bulkOperationSummary,
  bulkSelection as selectionAnswer,
  type SelectionBody,
} from '../schemas/bulk-operation';
import { filterOfBody } from '../schemas/execution-filter';
import { byId } from '../schemas/ids';
import type { ApiDependencies } from '../server';
import {
  cancelBulkOperation,
  isBulkOperation,
  listBulkOperations,
  showBulkOperation,
} from '../../client/bulk-operations';
import { countSelected, pageOfSelected } from '../../client/selected-executions';
import { startBulkOperation } from '../../client/start-bulk-operation';
import { inTime } from '../../ingest/in-time';
import { bulkSelection } from '../../shared/bulk-selection';
import { BULK_SAMPLE } from '../../shared/limits';

/** Something that is done to many executions. */
export function bulkOperationRoutes(app: ApiApp, { client, store }: ApiDependencies): void {
  const { audit, escalations } = store;
  const selectionOf = async (workspace: string, { notice, ...filter }: SelectionBody) => {
    const selected = filterOfBody(filter);
    if (notice === undefined) return selected;
    const { rule } = await escalations.notice(workspace, notice);
    if (rule === undefined) {
      throw invalid('The body', [{ path: 'filter.notice', message: 'is none that is on record' }]);
    }
    return { ...selected, ruleId: selected.ruleId ?? rule.id, noticeId: notice };
  };
  app.post(
    '/v1/bulk-operations',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'startBulkOperation',
        tags: ['Bulk operations'],
        summary: 'Do something to many executions; with `dry_run`, only count them and show some',
        description: 'Runs durably, at a limited rate. Another request with the same `id` starts nothing.',
        body: bulkOperationBody,
        response: { 200: selectionAnswer, 202: bulkOperationSummary.pick({ id: true }), ...problems(503) },
      },
    },
    async (request, reply) => {
      const { id = randomUUID(), action, filter, all, per_second, reason, dry_run } = request.body;
      const change = changeOf(request);
      const { workspace, actor } = change;
      if (Object.keys(filter).length === 0 && !all) {
        throw invalid('The body', [
          { path: 'filter', message: 'is empty: say all: true to mean every execution' },
        ]);
      }
      const selected = await selectionOf(workspace, filter);
      if (dry_run) {
        const whole = { ...bulkSelection(action, selected, new Date().toISOString()), workspace };
        // One after the other: nothing is left under way when Temporal is away.
        const places = { client, notices: escalations };
        const count = await inTime(client, () => countSelected(places, whole));
        const { items } = await inTime(client, () => pageOfSelected(places, whole, { limit: BULK_SAMPLE }));
        return reply.send({ count, sample: items });
      }
      const details = { action, filter: JSON.stringify(filter), ...(reason !== undefined && { reason }) };
      await audit.record(change, 'bulk_operation.started', { type: 'bulk_operation', id }, details);
      await inTime(client, () =>
        startBulkOperation(client, {
          id,
          workspace,
          action,
          filter: withoutUndefined(selected),
          perSecond: per_second,
          ...(reason !== undefined && { reason }),
          requestedBy: actor,
        }),
      );
      reply.code(202).header('location', `/v1/bulk-operations/${encodeURIComponent(id)}`);
      return reply.send({ id });
    },
  );

  app.get(
    '/v1/bulk-operations',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listBulkOperations',
        tags: ['Bulk operations'],
        summary: 'List the latest bulk operations, newest first',
        response: { 200: z.object({ items: z.array(bulkOperationSummary) }) },
      },
    },
    async (request) => ({
      items: await inTime(client, () => listBulkOperations(client, workspaceOf(request), MAX_LISTED)),
    }),
  );

  app.get(
    '/v1/bulk-operations/:id',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getBulkOperation',
        tags: ['Bulk operations'],
        summary: 'Get a bulk operation: how far it is, or what it came to',
        params: byId,
        response: { 200: bulkOperationDetail, ...problems(404) },
      },
    },
    async (request) => {
      const which = { workspace: workspaceOf(request), id: request.params.id };
      const found = await inTime(client, () => showBulkOperation(client, which));
      if (found === undefined) throw notFound('bulk operation');
      return bulkOperationAnswer(found);
    },
  );

  app.post(
    '/v1/bulk-operations/:id/cancel',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'cancelBulkOperation',
        tags: ['Bulk operations'],
        summary: 'End a bulk operation after the batch that is under way',
        params: byId,
        response: { 202: bulkOperationSummary.pick({ id: true }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const change = changeOf(request);
      const { id } = request.params;
      const which = { workspace: change.workspace, id };
      if (!(await inTime(client, () => isBulkOperation(client, which)))) throw notFound('bulk operation');
      await audit.record(change, 'bulk_operation.cancelled', { type: 'bulk_operation', id });
      if (!(await inTime(client, () => cancelBulkOperation(client, which)))) {
        throw new RequestProblem('refused', 'It has ended.');
      }
      return reply.code(202).send({ id });
    },
  );
}

/** Operations that a list shows: people look at the latest. */
const MAX_LISTED = 100;

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>;
}
