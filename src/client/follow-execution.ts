import type { Client } from '@temporalio/client';
import { ExecutionEventReader, type ExecutionEvent } from './execution-events';
import { historyEvents } from './history-pages';

/**
 * Follows an execution from its beginning to its end, by the server's long poll over its history: no worker is asked,
 * so following costs the execution nothing, and works for one that has ended too. No poll begins once `signal` is aborted.
 *
 * @throws ServiceError when the server cannot be reached, or has no such execution
 */
export async function* followExecution(
  client: Client,
  executionId: string,
  signal?: AbortSignal,
): AsyncGenerator<ExecutionEvent> {
  const reader = new ExecutionEventReader(client.options.loadedDataConverter);
  for await (const event of historyEvents(client, executionId, { follow: true, signal })) {
    yield* await reader.read(event);
  }
}
