import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../shared/activity-failures';

/**
 * The failure of an attempt that does not find its rule or step. Within the grace it is retryable, and the worker logs
 * it: an edit may be half saved, or this worker may not have the rule yet. After it, the execution is abandoned.
 *
 * @param graceMs counted from the moment the attempt was due
 */
export function ruleGone(message: string, graceMs: number): ApplicationFailure {
  // Both are times of the server: its clock is not this machine's.
  const { scheduledTimestampMs, currentAttemptScheduledTimestampMs } = activityInfo();
  const waitedMs = currentAttemptScheduledTimestampMs - scheduledTimestampMs;
  return ApplicationFailure.create({
    type: failureTypes.ruleGone,
    message,
    nonRetryable: waitedMs >= graceMs,
  });
}
