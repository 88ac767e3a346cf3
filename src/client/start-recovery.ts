import type { Client } from '@temporalio/client';
import { callPriority } from '../shared/call-priority';
import { recoveryWorkflowIdOf, TASK_QUEUE } from '../shared/ids';
import type { RecoveredDestination } from '../shared/recovered-destination';
import { RULE_WORKSPACE } from '../shared/search-attributes';
import { startedOnce } from './started-once';
import type { announceRecovery } from '../workflows/announce-recovery';

/**
 * Starts the telling of a destination that works again durably, unless it was started for this outage before.
 *
 * @throws ServiceError when Temporal cannot be reached
 */
export async function startRecovery(client: Client, recovered: RecoveredDestination): Promise<void> {
  const { workspace, origin } = recovered;
  await startedOnce(
    client.workflow.start<typeof announceRecovery>('announceRecovery', {
      workflowId: recoveryWorkflowIdOf(recovered),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      taskQueue: TASK_QUEUE,
      args: [recovered],
      priority: callPriority(workspace, 'recovery', false),
      typedSearchAttributes: [{ key: RULE_WORKSPACE, value: workspace }],
      staticSummary: `recovered ${origin}`,
    }),
  );
}
