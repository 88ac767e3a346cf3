import { ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import { failureTypes } from './activity-failures';
import type { Hold } from './hold';
import type { FailedAttempt } from './called-webhook';

/** The record of a failed attempt; nothing but `error` when no call could be made. */
export type AttemptFailure = Pick<FailedAttempt, 'error'> & Partial<FailedAttempt>;

/** What a failed activity `deliverWebhook` means. */
export type AttemptVerdict =
  /** The call failed, or could not be made at all: retry on schedule. */
  | { kind: 'attempt-failed'; attempt: AttemptFailure }
  /** The rule or the step was deleted: nothing is left to do. */
  | { kind: 'rule-gone'; reason: string }
  /** Nothing is to be called for now. */
  | { kind: 'held'; hold: Hold };

/**
 * Decides from what the activity threw.
 *
 * @param otherwise what to say when it threw nothing that can be read
 */
export function attemptVerdict(cause: Error | undefined, otherwise: string): AttemptVerdict {
  if (cause instanceof ApplicationFailure && cause.type === failureTypes.ruleGone) {
    return { kind: 'rule-gone', reason: cause.message };
  }
  if (cause instanceof ApplicationFailure && cause.type === failureTypes.held && cause.details?.[0]) {
    return { kind: 'held', hold: cause.details[0] as Hold };
  }
  if (cause instanceof ApplicationFailure && cause.type === failureTypes.attemptFailed) {
    return {
      kind: 'attempt-failed',
      attempt: (cause.details?.[0] ?? { error: cause.message }) as AttemptFailure,
    };
  }
  // Our own fault, for as long as the activity's policy allows. It must end in the owner's e-mail, not in silence.
  const why = cause instanceof TimeoutFailure ? 'no worker made it in time' : (cause?.message ?? otherwise);
  return { kind: 'attempt-failed', attempt: { error: `the call could not be made: ${why}` } };
}
