import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { whyNot } from '../rules/filter-reason';
import { failureTypes } from '../shared/activity-failures';
import type { AttemptFailure } from '../shared/attempt-failure';
import type { DeliveredAttempt, SkippedStep } from '../shared/called-webhook';
import { ATTEMPT_TIME_MS } from '../shared/limits';
import { enterRoom, type CallRoom } from './call-room';
import { callWebhook, currentStep, unlessUncallable, type CallDeps, type Called } from './call-webhook';
import { holdAtDestination, holdIfPaused } from './hold-check';
import { stepView, type CallContext } from './step-view';

export interface DeliverWebhookInput {
  executionId: string;
  /** Absent in executions that began before there were workspaces. */
  workspace?: string;
  createdAt: string;
  ruleId: string;
  stepId: string;
  /** Which step of the execution, from 0. Absent in executions that began before calls were signed. */
  stepIndex?: number;
  /** Retries performed, this one included; 0 on the first attempt. */
  retries: number;
  /** A trial run, which somebody asked for. */
  test?: true;
  /** When its wait ended by itself: how late it is, is counted from then. Milliseconds since 1970. Absent: from when it was scheduled. */
  dueAt?: number;
  /** How often it was looked in vain since the last attempt whether a hold is over. Absent: never. */
  looks?: number;
  /** Somebody asked for this attempt: a circuit breaker does not hold it. */
  force?: true;
  /** The attempt was made at once, in vain: there is nothing left but to record it. */
  made?: AttemptFailure;
  /** The span that it is part of: W3C Trace Context. Absent when the execution is not traced. */
  traceparent?: string;
  /** Absent when it is too large to be written for every attempt: then it is read from the execution's history. */
  context?: CallContext;
}

/**
 * Makes one attempt of a step, as the rule is now: an owner who edits the URL, the condition or the template heals the
 * executions that wait. While the rule is paused, or its destination disabled or down, no call is made: the attempt fails as
 * `Held`. A step whose condition does not hold is skipped. A call waits for room at its destination, which
 * is no attempt; it is signed and carries its credential, or it is not made.
 *
 * A failed call ends in a non-retryable `WebhookAttemptFailed` with the attempt's record as its detail: the workflow
 * has the schedule. All that is thrown beside it is a fault of ours, and retried by the activity's own policy.
 */
export function createDeliverWebhook(
  deps: CallDeps & { room: CallRoom; readContext: () => Promise<CallContext> },
) {
  return async function deliverWebhook(input: DeliverWebhookInput): Promise<DeliveredAttempt | SkippedStep> {
    const deadline = performance.now() + ATTEMPT_TIME_MS;
    if (input.made) throw attemptFailed(input.made);
    const current = await currentStep(deps, input);
    const { rule, step, origin, workspace, messageId } = current;
    holdIfPaused(rule, step, input);
    let { context } = input;
    if (step.if) {
      const skipped = whyNot(step.if, stepView((context ??= await deps.readContext())));
      if (skipped !== undefined) return { skipped };
    }
    const called = await unlessUncallable(step, async (): Promise<Called> => {
      const settings = await deps.callSettings.callSettings(workspace, origin, step);
      const { standing } = settings;
      await holdAtDestination(deps.destinations, { workspace, origin, standing }, input);
      const isRetry = input.retries > 0;
      const leave = await enterRoom(deps.room, {
        workspace,
        to: origin,
        ...settings,
        isRetry,
        id: messageId,
      });
      try {
        // After the wait, which may be long and be repeated.
        context ??= await deps.readContext();
        return await callWebhook(deps, input, current, { settings, context, deadline });
      } finally {
        leave();
      }
    });
    if ('response' in called) return called;
    throw attemptFailed(called);
  };
}

/** @param attempt its record; without times when no call was made */
function attemptFailed(attempt: AttemptFailure): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.attemptFailed,
    message: attempt.error,
    nonRetryable: true,
    details: [attempt],
    // The receiver's or the rule's trouble, not the operator's: it counts in no error metric and fills no error log.
    category: ApplicationFailureCategory.BENIGN,
  });
}
