import type { Client } from '@temporalio/client';
import { callPriority } from '../shared/call-priority';
import { noticeWorkflowIdOf, TASK_QUEUE } from '../shared/ids';
import type { AddressedNotice } from '../shared/notices';
import { RULE_WORKSPACE } from '../shared/search-attributes';
import { startedOnce } from './started-once';
import type { sendNotice } from '../workflows/send-notice';

/**
 * Starts the sending of a notice to one target durably, unless it was started before.
 *
 * @throws ServiceError when Temporal cannot be reached
 */
export async function startNotice(client: Client, notice: AddressedNotice): Promise<void> {
  const { workspace, target } = notice;
  await startedOnce(
    client.workflow.start<typeof sendNotice>('sendNotice', {
      workflowId: noticeWorkflowIdOf(notice),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      taskQueue: TASK_QUEUE,
      args: [notice],
      priority: callPriority(workspace, target.kind === 'mail' ? 'notice' : target.channelId, false),
      typedSearchAttributes: [{ key: RULE_WORKSPACE, value: workspace }],
      staticSummary: `${notice.notice.type} by ${target.kind}`,
    }),
  );
}
