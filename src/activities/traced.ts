import { ApplicationFailure } from '@temporalio/common';
import { endWithError, type SpanAttributes, type Tracer } from '../tracing/tracing';
import { failureTypes } from '../shared/activity-failures';
import type { MadeAtOnce } from '../shared/attempt-at-once';
import type { DeliverWebhookInput } from './deliver-webhook';
import type { EscalateInput } from './escalate';

/** How an activity's span is told. */
interface Telling<Input, Output> {
  name: string;
  of: (input: Input) => SpanAttributes;
  /** What became of it; undefined: nothing was done, and there is no span. */
  outcome: (output: Output) => string | { failed: string } | undefined;
}

/** Which execution's part an activity is. */
const executionOf = ({ executionId, workspace, ruleId }: DeliverWebhookInput | EscalateInput) => ({
  'rule_webhooks.workspace.id': workspace,
  'rule_webhooks.execution.id': executionId,
  'rule_webhooks.rule.id': ruleId,
});

/** An attempt of a step. */
export const DELIVERY: Telling<DeliverWebhookInput, object> = {
  name: 'deliver webhook',
  of: (input) => ({
    ...executionOf(input),
    'rule_webhooks.step.id': input.stepId,
    'rule_webhooks.attempt': input.retries + 1,
  }),
  outcome: (output) => ('skipped' in output ? 'skipped' : 'delivered'),
};

/** The first attempt of an execution. What is not made at once is told of when it is. */
export const DELIVERY_AT_ONCE: Telling<DeliverWebhookInput, MadeAtOnce> = {
  ...DELIVERY,
  outcome: (made) => {
    if ('notNow' in made) return undefined;
    return 'failed' in made ? { failed: made.failed.error } : DELIVERY.outcome(made);
  },
};

/** The escalation of an execution. */
export const ESCALATION: Telling<EscalateInput, { messageId?: string }> = {
  name: 'escalate',
  of: executionOf,
  outcome: ({ messageId }) => (messageId === undefined ? 'left to the digest' : 'mailed'),
};

/**
 * An activity within a span, when its execution is traced. The activity gets this span's `traceparent` in place of the one
 * that it was given, for what it does in its turn.
 *
 * @param tracer absent: it is the activity itself
 */
export function traced<Input extends { traceparent?: string }, Output>(
  tracer: Tracer | undefined,
  telling: Telling<Input, Output>,
  activity: (input: Input) => Promise<Output>,
): (input: Input) => Promise<Output> {
  if (tracer === undefined) return activity;
  return async (input) => {
    const { traceparent: parent } = input;
    // What was made at once has its span.
    if (parent === undefined || 'made' in input) return activity(input);
    const span = tracer.begin(telling.name, { parent, attributes: telling.of(input) });
    try {
      const output = await activity({ ...input, traceparent: span.traceparent });
      const outcome = telling.outcome(output);
      if (typeof outcome === 'object') span.end({ [OUTCOME]: 'failed' }, outcome.failed);
      else if (outcome !== undefined) span.end({ [OUTCOME]: outcome });
      return output;
    } catch (error) {
      const { type, message = '' } = error instanceof ApplicationFailure ? error : {};
      if (type === failureTypes.attemptFailed) span.end({ [OUTCOME]: 'failed' }, message);
      else if (type === failureTypes.held) span.end({ [OUTCOME]: 'held' });
      // One that waits for room is no attempt, and comes again: there may be very many of them.
      else if (type !== failureTypes.noRoom) endWithError(span, error);
      throw error;
    }
  };
}

const OUTCOME = 'rule_webhooks.outcome';
