import { activityInfo, getClient } from '@temporalio/activity';
import { decodeFromPayloadsAtIndex } from '@temporalio/common/lib/internal-non-workflow';
import type { temporal } from '@temporalio/proto';
import { firstStepOf, resultAtOnce, type MadeAtOnce } from '../shared/attempt-at-once';
import type { CalledWebhook, DeliveredAttempt, SkippedStep } from '../shared/called-webhook';
import type { RuleExecution } from '../shared/execution';
import type { DeliverWebhookInput } from './deliver-webhook';
import type { CallContext } from './step-view';

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

  let execution: RuleExecution | undefined;
  const earlier: CalledWebhook[] = [];
  /** The inputs of the calls, by the id of the event that scheduled each. */
  const calls = new Map<string, Payloads>();
  for (const event of events ?? []) {
    const started = event.workflowExecutionStartedEventAttributes;
    if (started) {
      execution = await decode<RuleExecution>(started.input);
      earlier.push(...(execution.restart?.earlier ?? []));
    }
    const atOnce = resultAtOnce(event.markerRecordedEventAttributes);
    if (atOnce && execution) {
      const made = await decode<MadeAtOnce>(atOnce);
      if ('response' in made) {
        earlier.push({ step: firstStepOf(execution).id, url: made.url, response: made.response });
      }
    }
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled?.activityType?.name === 'deliverWebhook') calls.set(String(event.eventId), scheduled.input);
    const completed = event.activityTaskCompletedEventAttributes;
    const input = completed && calls.get(String(completed.scheduledEventId));
    if (!input) continue;
    const result = await decode<DeliveredAttempt | SkippedStep>(completed.result);
    if ('skipped' in result) continue;
    const { stepId: step } = await decode<DeliverWebhookInput>(input);
    earlier.push({ step, url: result.url, response: result.response });
  }
  if (execution === undefined) throw new Error('the history has no beginning');
  return { message: execution.message, earlier };
}
