import { queryOptions } from '@tanstack/preact-query';
import type { z } from 'zod';
import type {
  bulkOperationBody,
  bulkOperationDetail,
  bulkOperationSummary,
  bulkSelection,
} from '../../api/schemas/bulk-operation';
import { call } from './client';

export type BulkOperation = z.output<typeof bulkOperationDetail>;
export type BulkOperationSummary = z.output<typeof bulkOperationSummary>;
export type BulkOrder = z.input<typeof bulkOperationBody>;
export type BulkSelection = z.output<typeof bulkSelection>;

const POLL_MS = 1_500;

/** The latest ones; the API has no more of them. */
export const bulkOperationsQuery = queryOptions({
  queryKey: ['bulk-operations'],
  queryFn: ({ signal }) => call<{ items: BulkOperationSummary[] }>('GET', '/v1/bulk-operations', { signal }),
});

/** Read again and again for as long as it runs. */
export function bulkOperationQuery(id: string) {
  return queryOptions({
    queryKey: ['bulk-operation', id],
    queryFn: ({ signal }) => call<BulkOperation>('GET', pathOf(id), { signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? POLL_MS : false),
  });
}

/** What an operation would be about. */
export function bulkSelectionQuery(order: BulkOrder) {
  return queryOptions({
    queryKey: ['bulk-selection', order],
    queryFn: ({ signal }) =>
      call<BulkSelection>('POST', '/v1/bulk-operations', { body: { ...order, dry_run: true }, signal }),
    staleTime: 0,
  });
}

export function startBulkOperation(order: BulkOrder): Promise<{ id: string }> {
  return call('POST', '/v1/bulk-operations', { body: order });
}

/** @throws ApiProblem, 409 when it has ended */
export function cancelBulkOperation(id: string): Promise<{ id: string }> {
  return call('POST', `${pathOf(id)}/cancel`);
}

function pathOf(id: string): string {
  return `/v1/bulk-operations/${encodeURIComponent(id)}`;
}
