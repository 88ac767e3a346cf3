import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { workflowIdOf } from '../shared/ids';

export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/**
 * The events of an execution's history, page by page. No worker is asked.
 *
 * @param follow whether to wait for new ones, by the server's long poll, until the execution has ended
 * @param signal ends that when it is aborted: at once, or when the poll that is under way has its answer (20 s at most)
 * @throws ServiceError when the server cannot be reached, or has no such execution
 */
export async function* historyEvents(
  client: Client,
  executionId: string,
  { follow, signal, pageSize }: { follow: boolean; signal?: AbortSignal | undefined; pageSize?: number },
): AsyncGenerator<HistoryEvent> {
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: workflowIdOf(executionId) },
      waitNewEvent: follow,
      ...(pageSize !== undefined && { maximumPageSize: pageSize }),
      ...(nextPageToken && { nextPageToken }),
    });
    yield* page.history?.events ?? [];
    ({ nextPageToken } = page);
  } while (nextPageToken.length > 0 && signal?.aborted !== true);
}
