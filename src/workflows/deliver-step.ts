import type { DeliverWebhookInput } from '../activities/deliver-webhook';
import { callPriority } from '../shared/call-priority';
import type { CalledWebhook, DeliveredAttempt, SkippedStep } from '../shared/called-webhook';
import type { RuleExecution, StepReference } from '../shared/execution';
import { clipped, utf8Length } from '../shared/display';
import { MAX_INLINE_CONTEXT, MAX_SUMMARY_BYTES } from '../shared/limits';
import { deliverWebhook } from './activity-proxies';
import { isCancelled } from './cancellation';
import type { AttemptFailure } from '../shared/attempt-failure';
import { verdictOn } from './attempt-failure';
import type { Progress } from './progress';
import { RetrySchedule } from './retry-schedule';
import type { RetryWait } from './retry-wait';

/** What became of a step. */
export type StepOutcome =
  | { kind: 'delivered'; called: CalledWebhook }
  | { kind: 'skipped' }
  /** For good. */
  | { kind: 'failed'; url: string; error: string };

/**
 * Calls one step's webhook until it is delivered, or its condition does not hold, or its schedule is over.
 *
 * @param step which step of the execution, from 0, and the step
 * @param earlier what the steps before it called
 * @throws ActivityFailure when the rule is gone; CancelledFailure when the execution is cancelled
 */
export async function deliverStep(
  execution: RuleExecution,
  [index, step]: readonly [number, StepReference],
  earlier: CalledWebhook[],
  progress: Progress,
  wait: RetryWait,
): Promise<StepOutcome> {
  const context = inlineContext(execution, earlier);
  let schedule: RetrySchedule | undefined;
  for (let retries = 0; ; retries += 1) {
    progress.trying();
    const options = {
      summary: summaryOf(index, step, retries),
      priority: callPriority(execution.workspace, step.target, retries > 0),
    };
    const attempt = await attemptStep(options, {
      executionId: execution.executionId,
      ...(execution.workspace !== undefined && { workspace: execution.workspace }),
      createdAt: progress.report.createdAt,
      ruleId: execution.rule.id,
      stepId: step.id,
      stepIndex: index,
      retries,
      ...context,
    });
    if ('skipped' in attempt) {
      progress.skipped(index, attempt);
      return { kind: 'skipped' };
    }
    if ('response' in attempt) {
      progress.delivered(index, attempt);
      const { url, response } = attempt;
      return { kind: 'delivered', called: { step: step.id, url, response } };
    }
    progress.failed(index, attempt);
    const now = Date.now();
    // The first attempt may have waited for a worker: its own duration tells when it was made.
    schedule ??= new RetrySchedule(execution.retryDelaysMs, now - (attempt.durationMs ?? 0));
    const retry = schedule.next(now, attempt.retryAfterMs);
    if (retry === undefined) return { kind: 'failed', url: attempt.url ?? step.target, error: attempt.error };
    progress.waiting(retry);
    if ((await wait.until(retry, retries + 2)) === 'due') schedule.made(retry);
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
): Promise<DeliveredAttempt | SkippedStep | AttemptFailure> {
  try {
    return await deliverWebhook.executeWithOptions(options, [input]);
  } catch (error) {
    // A failure after a cancellation is waited for, but nothing follows from it.
    const verdict = isCancelled(error) ? undefined : verdictOn(error);
    if (verdict?.kind === 'attempt-failed') return verdict.attempt;
    throw error;
  }
}

/** The context goes into the activity's input while it is small; see MAX_INLINE_CONTEXT. */
function inlineContext(
  { message }: RuleExecution,
  earlier: CalledWebhook[],
): Pick<DeliverWebhookInput, 'context'> {
  const context = { message, earlier };
  return utf8Length(JSON.stringify(context)) <= MAX_INLINE_CONTEXT ? { context } : {};
}
