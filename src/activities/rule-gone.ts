import { activityInfo, heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../shared/activity-failures';

/**
 * The failure of an attempt that does not find its rule or step. Within the grace it is retryable, and the worker logs
 * it: an edit may be half saved, or this worker may not have the rule yet. After it, the execution is abandoned.
 *
 * @param graceMs counted from the first time that it was not found: the attempt may have waited for room for hours before
 */
export function ruleGone(message: string, graceMs: number): ApplicationFailure {
  // A time of the server, whose clock is not this machine's. What a heartbeat says is told to the later runs.
  const info = activityInfo();
  const now = info.currentAttemptScheduledTimestampMs;
  const told: unknown = info.heartbeatDetails;
  const goneSince = typeof told === 'number' ? told : now;
  heartbeat(goneSince);
  return ApplicationFailure.create({
    type: failureTypes.ruleGone,
    message,
    nonRetryable: now - goneSince >= graceMs,
  });
}
