import type { AuthorizedSender } from '../delivery/authorized-sender';
import {
  CredentialUnusableError,
  type CallSettings,
  type CallSettingsSource,
} from '../destinations/call-settings';
import type { Rulebook } from '../rules/rulebook';
import type { Rule, Step } from '../rules/rule';
import type { AttemptFailure } from '../shared/attempt-failure';
import type { DeliveredAttempt } from '../shared/called-webhook';
import { DEFAULT_WORKSPACE } from '../shared/ids';
import type { DeliverWebhookInput } from './deliver-webhook';
import { recordHealth, type CountedCalls, type HealthKeeping } from './destination-health';
import { ruleGone } from './rule-gone';
import { shapeRequest } from './shape-request';
import type { CallContext } from './step-view';

/** What a call of a step's webhook needs. */
export interface CallDeps extends HealthKeeping {
  rulebook: Rulebook;
  callSettings: CallSettingsSource;
  sender: AuthorizedSender;
  calls: CountedCalls;
  /** See RULE_GONE_GRACE_MS. */
  ruleGoneGraceMs: number;
}

/** The step that an attempt is about, as its rule is now. */
export interface CurrentStep {
  rule: Rule;
  step: Step;
  /** Where it calls. */
  origin: string;
  workspace: string;
  /** The same at each attempt. */
  messageId: string;
}

/** What came of a call. */
export type Called = DeliveredAttempt | AttemptFailure;

/** @throws ApplicationFailure of type `RuleGone`, when the rule or its step is not there any more */
export async function currentStep(
  { rulebook, ruleGoneGraceMs }: Pick<CallDeps, 'rulebook' | 'ruleGoneGraceMs'>,
  { executionId, workspace = DEFAULT_WORKSPACE, ruleId, stepId, stepIndex }: DeliverWebhookInput,
): Promise<CurrentStep> {
  const rule = (await rulebook.rule(workspace, ruleId))?.rule;
  const index = rule?.steps.findIndex(({ id }) => id === stepId) ?? -1;
  const step = rule?.steps[index];
  if (rule !== undefined && step !== undefined) {
    const { origin } = new URL(step.url);
    return { rule, step, origin, workspace, messageId: `${executionId}_${stepIndex ?? index}` };
  }
  throw ruleGone(
    rule === undefined ? `rule ${ruleId} was deleted` : `rule ${ruleId} has no step ${stepId} any more`,
    ruleGoneGraceMs,
  );
}

/** A credential that cannot be used fails the attempt, without a call. */
export async function unlessUncallable<T>(
  { url }: Step,
  call: () => Promise<T>,
): Promise<T | AttemptFailure> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CredentialUnusableError) return { url, error: error.message };
    throw error;
  }
}

/**
 * Makes the call, counts it, and records how its destination is doing.
 *
 * @param deadline when all of it must be over, by performance.now(). Milliseconds
 * @throws CredentialUnusableError
 */
export async function callWebhook(
  deps: CallDeps,
  input: DeliverWebhookInput,
  { step, workspace, messageId }: CurrentStep,
  { settings, context, deadline }: { settings: CallSettings; context: CallContext; deadline: number },
): Promise<Called> {
  const { url, method, headers, on_oversize: onOversize } = step;
  const shaped = shapeRequest(step, { ...input, ...context });
  if ('error' in shaped) return { url, error: shaped.error };
  const { body, record } = shaped;
  const { traceparent } = input;
  const call = {
    url,
    method,
    headers,
    body,
    onOversize,
    workspace,
    messageId,
    settings,
    deadline,
    traceparent,
  };
  const result = await deps.sender.send(call);
  deps.calls.add(workspace, result.attempt, result.delivered);
  await recordHealth(deps, { workspace, wasFailing: settings.isFailing }, result);
  return { ...result.attempt, ...record };
}
