import type { Client } from '@temporalio/client';
import { callPriority } from '../shared/call-priority';
import { clipped } from '../shared/display';
import type { EventDispatch } from '../shared/event-dispatch';
import { dispatchWorkflowIdOf, TASK_QUEUE } from '../shared/ids';
import { MAX_SUMMARY_BYTES } from '../shared/limits';
import { keyword, RULE_EVENT_ID, RULE_TEST, RULE_WORKSPACE } from '../shared/search-attributes';
import { startedOnce } from './started-once';
import type { dispatchEvent } from '../workflows/dispatch-event';

/**
 * Starts the dispatcher of an event durably: from then on its executions will be started, whatever becomes of this process.
 *
 * @returns whether this call started it; false when it is there already, running or ended
 * @throws ServiceError when Temporal cannot be reached
 */
export async function startDispatcher(
  client: Client,
  dispatch: Omit<EventDispatch, 'done'>,
): Promise<boolean> {
  const { workspace, eventId, eventKey, matched, test = false } = dispatch;
  return startedOnce(
    client.workflow.start<typeof dispatchEvent>('dispatchEvent', {
      workflowId: dispatchWorkflowIdOf(workspace, eventKey),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      taskQueue: TASK_QUEUE,
      args: [dispatch],
      requestEagerStart: true,
      priority: callPriority(workspace, 'dispatch', false),
      typedSearchAttributes: [
        { key: RULE_WORKSPACE, value: workspace },
        { key: RULE_EVENT_ID, value: keyword(eventId) },
        ...(test ? [{ key: RULE_TEST, value: test }] : []),
      ],
      staticSummary: clipped(
        `${test ? 'test · ' : ''}${matched} executions · event ${eventId}`,
        MAX_SUMMARY_BYTES,
      ),
    }),
  );
}
