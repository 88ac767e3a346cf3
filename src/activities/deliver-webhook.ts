import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { WebhookSender } from '../delivery/send';
import { whyNot } from '../rules/filter-reason';
import type { Rulebook } from '../rules/rulebook';
import type { Step } from '../rules/rule';
import { failureTypes } from '../shared/activity-failures';
import type { DeliveredAttempt, FailedAttempt, SkippedStep } from '../shared/called-webhook';
import { DEFAULT_WORKSPACE } from '../shared/ids';
import { recordHealth, type DestinationRecord } from './destination-health';
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
  /** Retries performed, this one included; 0 on the first attempt. */
  retries: number;
  /** Absent when it is too large to be written for every attempt: then it is read from the execution's history. */
  context?: CallContext;
}

/**
 * Makes one attempt of a step, as the rule is now: an owner who edits the URL, the condition or the template heals the
 * executions that wait. A step whose condition does not hold is skipped.
 *
 * A failed call ends in a non-retryable `WebhookAttemptFailed` with the attempt's record as its detail: the workflow
 * has the schedule. All that is thrown beside it is a fault of ours, and retried by the activity's own policy.
 */
export function createDeliverWebhook(deps: {
  rulebook: Rulebook;
  sender: WebhookSender;
  destinations: DestinationRecord;
  readContext: () => Promise<CallContext>;
  /** See RULE_GONE_GRACE_MS. */
  ruleGoneGraceMs: number;
}) {
  return async function deliverWebhook(input: DeliverWebhookInput): Promise<DeliveredAttempt | SkippedStep> {
    const step = await currentStep(deps, input);
    const context = input.context ?? (await deps.readContext());
    const skipped = step.if && whyNot(step.if, stepView(context));
    if (skipped !== undefined) return { skipped };

    const shaped = shapeRequest(step, { ...input, ...context });
    if ('error' in shaped) throw attemptFailed({ url: step.url, error: shaped.error });
    const { body, record } = shaped;
    const result = await deps.sender.send({
      url: step.url,
      method: step.method,
      headers: step.headers,
      body,
      onOversize: step.on_oversize,
    });
    await recordHealth(deps.destinations, input.workspace ?? DEFAULT_WORKSPACE, result);
    if (result.delivered) return { ...result.attempt, ...record };
    throw attemptFailed({ ...result.attempt, ...record });
  };
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
): Promise<Step> {
  const rule = (await rulebook.rule(workspace, ruleId))?.rule;
  const step = rule?.steps.find(({ id }) => id === stepId);
  if (step !== undefined) return step;
  throw ruleGone(
    rule === undefined ? `rule ${ruleId} was deleted` : `rule ${ruleId} has no step ${stepId} any more`,
    ruleGoneGraceMs,
  );
}
