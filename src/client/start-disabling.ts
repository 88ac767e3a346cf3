import type { Client } from '@temporalio/client';
import { callPriority } from '../shared/call-priority';
import type { DisabledDestination } from '../shared/disabled-destination';
import { disablingWorkflowIdOf, TASK_QUEUE } from '../shared/ids';
import { RULE_WORKSPACE } from '../shared/search-attributes';
import { startedOnce } from './started-once';
import type { disableDestination } from '../workflows/disable-destination';

/**
 * Starts the disabling of a destination durably, unless it was started for this outage before.
 *
 * @throws ServiceError when Temporal cannot be reached
 */
export async function startDisabling(client: Client, destination: DisabledDestination): Promise<void> {
  const { workspace, origin } = destination;
  await startedOnce(
    client.workflow.start<typeof disableDestination>('disableDestination', {
      workflowId: disablingWorkflowIdOf(destination),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      taskQueue: TASK_QUEUE,
      args: [destination],
      priority: callPriority(workspace, 'disable', false),
      typedSearchAttributes: [{ key: RULE_WORKSPACE, value: workspace }],
      staticSummary: `disable ${origin}`,
    }),
  );
}
