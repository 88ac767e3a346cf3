import type { Client } from '@temporalio/client';
import { workflowIdOf } from '../shared/ids';
import { ExecutionEventReader, type ExecutionEvent } from './execution-events';

/**
 * Follows an execution from its beginning to its end, by the server's long poll over its history: no worker is asked,
 * so following costs the execution nothing, and works for one that has ended too.
 *
 * @throws ServiceError when the server cannot be reached, or has no such execution
 */
export async function* followExecution(client: Client, executionId: string): AsyncGenerator<ExecutionEvent> {
  const reader = new ExecutionEventReader(client.options.loadedDataConverter);
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: workflowIdOf(executionId) },
      waitNewEvent: true,
      ...(nextPageToken && { nextPageToken }),
    });
    for (const event of page.history?.events ?? []) {
      const happened = await reader.read(event);
      if (happened !== undefined) yield happened;
    }
    ({ nextPageToken } = page);
  } while (nextPageToken.length > 0);
}
