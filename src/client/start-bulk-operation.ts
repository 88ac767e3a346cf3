import type { Client } from '@temporalio/client';
import type { BulkOperation } from '../shared/bulk-operation';
import { callPriority } from '../shared/call-priority';
import { bulkWorkflowIdOf, TASK_QUEUE } from '../shared/ids';
import { RULE_WORKSPACE } from '../shared/search-attributes';
import { startedOnce } from './started-once';
import type { bulkOperation } from '../workflows/bulk-operation';

/**
 * Starts a bulk operation durably.
 *
 * @returns whether this call started it; false when there is one by its id already, running or ended
 * @throws ServiceError when Temporal cannot be reached
 */
export async function startBulkOperation(client: Client, operation: BulkOperation): Promise<boolean> {
  const { id, workspace, action } = operation;
  return startedOnce(
    client.workflow.start<typeof bulkOperation>('bulkOperation', {
      workflowId: bulkWorkflowIdOf(workspace, id),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      taskQueue: TASK_QUEUE,
      args: [operation],
      priority: callPriority(workspace, 'bulk', false),
      typedSearchAttributes: [{ key: RULE_WORKSPACE, value: workspace }],
      staticSummary: `bulk ${action}`,
    }),
  );
}
