import type { DeliverWebhookInput } from '../activities/deliver-webhook';
import type { CallContext } from '../activities/step-view';
import { callPriority } from '../shared/call-priority';
import type { CalledWebhook, DeliveredAttempt, SkippedStep } from '../shared/called-webhook';
import type { RuleExecution, StepReference } from '../shared/execution';
import type { Hold } from '../shared/hold';
import { clipped, utf8Length } from '../shared/display';
import { MAX_INLINE_CONTEXT, MAX_SUMMARY_BYTES } from '../shared/limits';
import { deliverWebhook } from './activity-proxies';
import { attemptAtOnce } from './attempt-at-once';
import { isCancelled } from './cancellation';
import type { AttemptFailure } from '../shared/attempt-failure';
import { verdictOn } from './attempt-failure';
import type { Controls, WaitEnd } from './controls';
import { HoldLimit } from './hold-limit';
import type { Progress } from './progress';
import { RetrySchedule } from './retry-schedule';

/** What became of a step. */
export type StepOutcome =
  | { kind: 'delivered'; called: CalledWebhook }
  | { kind: 'skipped' }
  /** For good. */
  | { kind: 'failed'; url: string; error: string };

/**
 * Calls one step's webhook until it is delivered, or its condition does not hold, or its schedule is over. Where nothing is
 * to be called for now it is held, which is no attempt.
 *
 * @param step which step of the execution, from 0, and the step
 * @param isFirst whether the execution begins with it
 * @param earlier what the steps before it called
 * @throws ActivityFailure when the rule is gone; CancelledFailure when the execution is cancelled
 */
export async function deliverStep(
  execution: RuleExecution,
  [index, step]: readonly [number, StepReference],
  isFirst: boolean,
  earlier: CalledWebhook[],
  progress: Progress,
  controls: Controls,
): Promise<StepOutcome> {
  const whole = { message: execution.message, earlier };
  const context = inlineContext(whole);
  const holdLimit = new HoldLimit(execution.retryDelaysMs);
  const failed: Extract<StepOutcome, { kind: 'failed' }> = { kind: 'failed', url: step.target, error: '' };
  let schedule: RetrySchedule | undefined;
  let looks = 0;
  let began: WaitEnd = 'due';
  let mayBeAtOnce = isFirst && !controls.isPaused;
  let dueAt: number | undefined;
  for (let retries = 0; ;) {
    if (controls.isPaused && began !== 'retry-now') {
      began = await controls.untilResumed(retries + 1);
    }
    progress.trying();
    const input = {
      executionId: execution.executionId,
      ...(execution.workspace !== undefined && { workspace: execution.workspace }),
      ...(execution.test && { test: execution.test }),
      createdAt: progress.report.createdAt,
      ruleId: execution.rule.id,
      stepId: step.id,
      stepIndex: index,
      retries,
      ...(began === 'due' && dueAt !== undefined && { dueAt: Math.max(dueAt, controls.resumedAt) }),
      ...(looks > 0 && { looks }),
      ...(began === 'retry-now' && { force: true as const }),
      ...(execution.traceparent !== undefined && { traceparent: execution.traceparent }),
    };
    const options = {
      summary: summaryOf(index, step, retries),
      priority: callPriority(execution.workspace, step.target, retries > 0),
    };
    const atOnce = mayBeAtOnce
      ? await attemptAtOnce(options.summary, { ...input, context: whole })
      : undefined;
    mayBeAtOnce = false;
    // A failed one is recorded, so that it is seen wherever executions are looked at; all else that is no answer is tried anew.
    const made = atOnce && 'failed' in atOnce ? { made: atOnce.failed } : {};
    const outcome =
      atOnce && !('failed' in atOnce)
        ? atOnce
        : await attemptStep(options, { ...input, ...made, ...context });
    const now = Date.now();
    if ('lookAgainMs' in outcome) {
      const at = holdLimit.nextLook(now, outcome);
      if (at === undefined) return { ...failed, error: failed.error || outcome.reason };
      looks += 1;
      dueAt = at;
      const { end } = holdLimit;
      const summary = clipped(
        `held, at most until ${new Date(end).toISOString()}: ${outcome.reason}`,
        MAX_SUMMARY_BYTES,
      );
      const onWait = () => {
        progress.held(outcome, { looksAgainAt: at, until: end });
      };
      began = await controls.until({ attempt: retries + 1, at, summary, isHold: true, onWait });
      continue;
    }
    if ('skipped' in outcome) {
      progress.skipped(index, outcome);
      return { kind: 'skipped' };
    }
    if ('response' in outcome) {
      progress.delivered(index, outcome);
      const { url, response } = outcome;
      return { kind: 'delivered', called: { step: step.id, url, response } };
    }
    progress.failed(index, outcome);
    // The first attempt may have waited for a worker: its own duration tells when it was made.
    const madeAt = now - (outcome.durationMs ?? 0);
    holdLimit.countFrom(madeAt);
    schedule ??= new RetrySchedule(execution.retryDelaysMs, madeAt);
    Object.assign(failed, { url: outcome.url ?? step.target, error: outcome.error });
    const retry = schedule.next(now, outcome.retryAfterMs);
    if (retry === undefined) return failed;
    retries += 1;
    looks = 0;
    dueAt = retry.at;
    const summary = `retry ${retry.number} of ${retry.of} at ${new Date(retry.at).toISOString()}`;
    const onWait = () => {
      progress.waiting(retry);
    };
    began = await controls.until({ attempt: retries + 1, at: retry.at, summary, onWait });
    if (began === 'due') schedule.made(retry);
  }
}

function summaryOf(index: number, { method = 'POST', target }: StepReference, retries: number): string {
  const retry = retries > 0 ? ` retry ${retries}` : '';
  return `${clipped(`step ${index + 1} ${method} ${target}`, MAX_SUMMARY_BYTES - retry.length)}${retry}`;
}

/** One attempt: a call that failed is an answer here, all else an exception. */
async function attemptStep(
  options: Parameters<typeof deliverWebhook.executeWithOptions>[0],
  input: DeliverWebhookInput,
): Promise<DeliveredAttempt | SkippedStep | AttemptFailure | Hold> {
  try {
    return await deliverWebhook.executeWithOptions(options, [input]);
  } catch (error) {
    // A failure after a cancellation is waited for, but nothing follows from it.
    const verdict = isCancelled(error) ? undefined : verdictOn(error);
    if (verdict?.kind === 'attempt-failed') return verdict.attempt;
    if (verdict?.kind === 'held') return verdict.hold;
    throw error;
  }
}

/** The context goes into the activity's input while it is small; see MAX_INLINE_CONTEXT. */
function inlineContext(context: CallContext): Pick<DeliverWebhookInput, 'context'> {
  return utf8Length(JSON.stringify(context)) <= MAX_INLINE_CONTEXT ? { context } : {};
}
