import type { BulkOperation } from './bulk-operation';

type Selection = BulkOperation['filter'];

/**
 * The executions that a bulk operation is about. Each of them is met once: one that is acted on changes its status, and with
 * it its place in Temporal's lists, so what runs and what has ended are never in the same selection. Nor is what began, or
 * ended, after the operation: it would act on what it started itself.
 *
 * @param begunAt ISO 8601
 */
export function bulkSelection(
  action: BulkOperation['action'],
  filter: Selection,
  begunAt: string,
): Selection {
  if (action === 'restart' || action === 'restart_from_failed') {
    return { ...filter, endedBefore: earlier(filter.endedBefore, begunAt) };
  }
  return {
    ...filter,
    status: filter.status ?? 'running',
    startedBefore: earlier(filter.startedBefore, begunAt),
  };
}

function earlier(time: string | undefined, other: string): string {
  return time !== undefined && Date.parse(time) < Date.parse(other) ? time : other;
}
