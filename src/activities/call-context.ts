import { activityInfo, getClient } from '@temporalio/activity';
import { decodeFromPayloadsAtIndex } from '@temporalio/common/lib/internal-non-workflow';
import type { temporal } from '@temporalio/proto';
import type { DeliveredAttempt } from '../shared/called-webhook';
import type { RuleExecution } from '../shared/execution';
import type { CallContext } from './deliver-webhook';

type Payloads = temporal.api.common.v1.IPayloads | null | undefined;

/**
 * Reads the event and the earlier responses from the history of the execution that the running activity belongs to.
 * History has them already, so a large one need not be written again into the input of every later attempt.
 */
export async function readContextFromHistory(): Promise<CallContext> {
  const client = getClient();
  const { workflowId, runId } = activityInfo().workflowExecution ?? {};
  if (workflowId === undefined) throw new Error('this activity belongs to no execution');
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const decode = <T>(payloads: Payloads) =>
    decodeFromPayloadsAtIndex<T>(client.options.loadedDataConverter, 0, payloads?.payloads);

  let message: CallContext['message'] | undefined;
  const earlier: CallContext['earlier'] = [];
  const deliveries = new Set<string>();
  for (const event of events ?? []) {
    const started = event.workflowExecutionStartedEventAttributes;
    if (started) ({ message } = await decode<RuleExecution>(started.input));
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled?.activityType?.name === 'deliverWebhook') deliveries.add(String(event.eventId));
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed && deliveries.has(String(completed.scheduledEventId))) {
      const { url, response } = await decode<DeliveredAttempt>(completed.result);
      earlier.push({ url, response });
    }
  }
  if (message === undefined) throw new Error('the history has no beginning');
  return { message, earlier };
}
