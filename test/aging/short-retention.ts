import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';

/**
 * Lets a Temporal server keep ended executions for seconds: else it is an hour at least, and by up to half an hour longer, so
 * that not all go at once.
 */
export const SHORT_RETENTION = {
  'system.namespaceMinRetentionLocal': '1s',
  'history.retentionTimerJitterDuration': '1s',
};

/** Sets how long the server keeps executions that end from now on. @param ms whole seconds, at least one */
export async function keepExecutionsFor(ms: number, { workflowService, options }: Client): Promise<void> {
  const config = { workflowExecutionRetentionTtl: msToTs(ms) };
  await workflowService.updateNamespace({ namespace: options.namespace, config });
}
