import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { requestBody } from '../delivery/request-body';
import type { WebhookSender } from '../delivery/send';
import type { Rulebook } from '../rules/rulebook';
import type { Step } from '../rules/rule';
import { failureTypes } from '../shared/activity-failures';
import type { CalledWebhook, DeliveredAttempt } from '../shared/called-webhook';
import type { EventMessage } from '../shared/execution';
import { ruleGone } from './rule-gone';

/** What a request body is made of, beside the execution's own ids. */
export interface CallContext {
  message: EventMessage;
  /** The webhooks that earlier steps called, in call order. */
  earlier: CalledWebhook[];
}

export interface DeliverWebhookInput {
  executionId: string;
  createdAt: string;
  ruleId: string;
  stepId: string;
  /** Retries performed, this one included; 0 on the first attempt. */
  retries: number;
  /** Absent when it is too large to be written for every attempt: then it is read from the execution's history. */
  context?: CallContext;
}

/**
 * Makes one attempt of a step, as the rule is now: an owner who edits the URL heals the executions that wait.
 *
 * A failed call ends in a non-retryable `WebhookAttemptFailed` with the attempt's record as its detail: the workflow
 * has the schedule. All that is thrown beside it is a fault of ours, and retried by the activity's own policy.
 */
export function createDeliverWebhook(deps: {
  rulebook: Rulebook;
  sender: WebhookSender;
  readContext: () => Promise<CallContext>;
  /** See RULE_GONE_GRACE_MS. */
  ruleGoneGraceMs: number;
}) {
  return async function deliverWebhook(input: DeliverWebhookInput): Promise<DeliveredAttempt> {
    const step = await currentStep(deps, input);
    const { message, earlier } = input.context ?? (await deps.readContext());
    const { executionId, createdAt, retries } = input;
    const result = await deps.sender.send({
      url: step.url,
      body: requestBody({ message, executionId, createdAt, retries, earlier }),
      onOversize: step.on_oversize,
    });
    if (result.delivered) return result.attempt;
    throw ApplicationFailure.create({
      type: failureTypes.attemptFailed,
      message: result.attempt.error,
      nonRetryable: true,
      details: [result.attempt],
      // The receiver's trouble, not the operator's: it counts in no error metric and fills no error log.
      category: ApplicationFailureCategory.BENIGN,
    });
  };
}

async function currentStep(
  { rulebook, ruleGoneGraceMs }: { rulebook: Rulebook; ruleGoneGraceMs: number },
  { ruleId, stepId }: DeliverWebhookInput,
): Promise<Step> {
  const rule = (await rulebook.rule(ruleId))?.rule;
  const step = rule?.steps.find(({ id }) => id === stepId);
  if (step !== undefined) return step;
  throw ruleGone(
    rule === undefined ? `rule ${ruleId} was deleted` : `rule ${ruleId} has no step ${stepId} any more`,
    ruleGoneGraceMs,
  );
}
