import { ActivityFailure, isCancellation } from '@temporalio/workflow';
import { attemptVerdict, type AttemptVerdict } from '../shared/attempt-failure';

/** What an activity's failure means for the execution. */
export type Verdict =
  | AttemptVerdict
  /** Cancelled, or a fault of the workflow itself: not for us to handle. */
  | { kind: 'not-ours' };

/** Pure: decides from the error that an activity call threw. */
export function verdictOn(error: unknown): Verdict {
  if (!(error instanceof ActivityFailure) || isCancellation(error)) return { kind: 'not-ours' };
  return attemptVerdict(error.cause, error.message);
}
