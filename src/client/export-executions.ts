import type { Client } from '@temporalio/client';
import type { ExecutionFilter } from '../shared/execution-filter';
import { EXPORT_CONCURRENCY, EXPORT_PAGE } from '../shared/limits';
import { listExecutions, showExecution, type ExecutionDetail, type ExecutionSummary } from './executions';

/**
 * All executions that a filter means, a page at a time, in the order of lists. One that ends meanwhile may come twice.
 *
 * @throws ServiceError when Temporal is away
 */
export async function* exportExecutions(
  client: Client,
  filter: ExecutionFilter,
  { detail }: { detail: boolean },
): AsyncGenerator<(ExecutionSummary | ExecutionDetail)[], void> {
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await listExecutions(client, filter, { limit: EXPORT_PAGE, cursor });
    if (detail) yield* detailsOf(client, filter.workspace, items);
    else yield items;
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** A few histories at a time: they may be megabytes each. One that retention has removed meanwhile is left out. */
async function* detailsOf(
  client: Client,
  workspace: string,
  items: ExecutionSummary[],
): AsyncGenerator<ExecutionDetail[], void> {
  for (let start = 0; start < items.length; start += EXPORT_CONCURRENCY) {
    const some = items.slice(start, start + EXPORT_CONCURRENCY);
    const found = await Promise.all(
      some.map(({ execution_id }) => showExecution(client, workspace, execution_id)),
    );
    yield found.filter((execution) => execution !== undefined);
  }
}
