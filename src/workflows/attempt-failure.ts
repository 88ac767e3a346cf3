import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { failureTypes } from '../shared/activity-failures';
import type { FailedAttempt } from '../shared/called-webhook';

/** The record of a failed attempt; nothing but `error` when no call could be made. */
export type AttemptFailure = Pick<FailedAttempt, 'error'> & Partial<FailedAttempt>;

/** What an activity's failure means for the execution. */
export type Verdict =
  /** The call failed, or could not be made at all: retry on schedule. */
  | { kind: 'attempt-failed'; attempt: AttemptFailure }
  /** The rule or the step was deleted: nothing is left to do. */
  | { kind: 'rule-gone'; reason: string }
  /** Cancelled, or a fault of the workflow itself: not for us to handle. */
  | { kind: 'not-ours' };

/** Pure: decides from the error that an activity call threw. */
export function verdictOn(error: unknown): Verdict {
  if (!(error instanceof ActivityFailure) || isCancellation(error)) return { kind: 'not-ours' };
  const { cause } = error;
  if (cause instanceof ApplicationFailure && cause.type === failureTypes.ruleGone) {
    return { kind: 'rule-gone', reason: cause.message };
  }
  if (cause instanceof ApplicationFailure && cause.type === failureTypes.attemptFailed) {
    return {
      kind: 'attempt-failed',
      attempt: (cause.details?.[0] ?? { error: cause.message }) as AttemptFailure,
    };
  }
  // Our own fault, for as long as the activity's policy allows. It must end in the owner's e-mail, not in silence.
  const why =
    cause instanceof TimeoutFailure ? 'no worker made it in time' : (cause?.message ?? error.message);
  return { kind: 'attempt-failed', attempt: { error: `the call could not be made: ${why}` } };
}
