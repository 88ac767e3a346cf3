import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { AuthorizedSender } from '../delivery/authorized-sender';
import { CredentialUnusableError, type CallSettingsSource } from '../destinations/call-settings';
import { whyNot } from '../rules/filter-reason';
import type { Rulebook } from '../rules/rulebook';
import type { Rule, Step } from '../rules/rule';
import { failureTypes } from '../shared/activity-failures';
import type { DeliveredAttempt, FailedAttempt, SkippedStep } from '../shared/called-webhook';
import { DEFAULT_WORKSPACE } from '../shared/ids';
import { ATTEMPT_TIME_MS } from '../shared/limits';
import { enterRoom, type CallRoom } from './call-room';
import {
  recordHealth,
  type AnnounceRecovery,
  type CountedCalls,
  type DestinationRecord,
  type DisableDestination,
} from './destination-health';
import { holdAtDestination, holdIfPaused } from './hold-check';
import { ruleGone } from './rule-gone';
import { shapeRequest } from './shape-request';
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
  /** How often it was looked in vain since the last attempt whether a hold is over. Absent: never. */
  looks?: number;
  /** Somebody asked for this attempt: a circuit breaker does not hold it. */
  force?: true;
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
export function createDeliverWebhook(deps: {
  rulebook: Rulebook;
  callSettings: CallSettingsSource;
  room: CallRoom;
  sender: AuthorizedSender;
  destinations: DestinationRecord;
  disable: DisableDestination;
  recovered: AnnounceRecovery;
  calls: CountedCalls;
  readContext: () => Promise<CallContext>;
  /** See RULE_GONE_GRACE_MS. */
  ruleGoneGraceMs: number;
}) {
  return async function deliverWebhook(input: DeliverWebhookInput): Promise<DeliveredAttempt | SkippedStep> {
    const deadline = performance.now() + ATTEMPT_TIME_MS;
    const { rule, step, index } = await currentStep(deps, input);
    holdIfPaused(rule, step, input);
    let { context } = input;
    if (step.if) {
      const skipped = whyNot(step.if, stepView((context ??= await deps.readContext())));
      if (skipped !== undefined) return { skipped };
    }

    const { executionId, workspace = DEFAULT_WORKSPACE, stepIndex = index } = input;
    const { origin } = new URL(step.url);
    const messageId = `${executionId}_${stepIndex}`;
    const { result, record, wasFailing } = await called(step, async () => {
      const settings = await deps.callSettings.callSettings(workspace, origin, step);
      const { standing, isFailing } = settings;
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
        const shaped = shapeRequest(step, { ...input, ...context });
        if ('error' in shaped) throw attemptFailed({ url: step.url, error: shaped.error });
        const { body, record } = shaped;
        const { url, method, headers, on_oversize: onOversize } = step;
        const call = { url, method, headers, body, onOversize, workspace, messageId, settings, deadline };
        return { result: await deps.sender.send(call), record, wasFailing: isFailing };
      } finally {
        leave();
      }
    });
    deps.calls.add(workspace, result.attempt, result.delivered);
    await recordHealth(deps, { workspace, wasFailing }, result);
    if (result.delivered) return { ...result.attempt, ...record };
    throw attemptFailed({ ...result.attempt, ...record });
  };
}

/** A credential that cannot be used fails the attempt, without a call. */
async function called<T>({ url }: Step, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CredentialUnusableError) throw attemptFailed({ url, error: error.message });
    throw error;
  }
}

/** @param attempt its record; without times when no call was made */
function attemptFailed(
  attempt: Pick<FailedAttempt, 'url' | 'error'> & Partial<FailedAttempt>,
): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.attemptFailed,
    message: attempt.error,
    nonRetryable: true,
    details: [attempt],
    // The receiver's or the rule's trouble, not the operator's: it counts in no error metric and fills no error log.
    category: ApplicationFailureCategory.BENIGN,
  });
}

async function currentStep(
  { rulebook, ruleGoneGraceMs }: { rulebook: Rulebook; ruleGoneGraceMs: number },
  { workspace = DEFAULT_WORKSPACE, ruleId, stepId }: DeliverWebhookInput,
): Promise<{ rule: Rule; step: Step; index: number }> {
  const rule = (await rulebook.rule(workspace, ruleId))?.rule;
  const index = rule?.steps.findIndex(({ id }) => id === stepId) ?? -1;
  const step = rule?.steps[index];
  if (rule !== undefined && step !== undefined) return { rule, step, index };
  throw ruleGone(
    rule === undefined ? `rule ${ruleId} was deleted` : `rule ${ruleId} has no step ${stepId} any more`,
    ruleGoneGraceMs,
  );
}
