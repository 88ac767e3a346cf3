import { RetryState } from '@temporalio/common';
import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/workflow';
import { failureTypes } from '../../../src/shared/activity-failures';
import type { FailedAttempt } from '../../../src/shared/called-webhook';
import { verdictOn, type Verdict } from '../../../src/workflows/attempt-failure';

const attempt: FailedAttempt = {
  url: 'https://receiver.example.com/hook',
  startedAt: '2026-07-10T00:00:00.000Z',
  durationMs: 12,
  error: '503 Service Unavailable',
  status: 503,
  retryAfterMs: 600_000,
};
const notMade = (why: string): Verdict => ({
  kind: 'attempt-failed',
  attempt: { error: `the call could not be made: ${why}` },
});
const application = (type: string, message: string, ...details: unknown[]) =>
  ApplicationFailure.create({ type, message, nonRetryable: true, details });

it.each<[what: string, error: unknown, verdict: Verdict]>([
  [
    'a call that failed is a failed attempt, with its whole record',
    failedWith(application(failureTypes.attemptFailed, attempt.error, attempt)),
    { kind: 'attempt-failed', attempt },
  ],
  [
    'a deleted rule leaves nothing to do, and says so',
    failedWith(application(failureTypes.ruleGone, 'rule watch was deleted')),
    { kind: 'rule-gone', reason: 'rule watch was deleted' },
  ],
  [
    'a fault of ours is a failed attempt that tells the fault',
    failedWith(application('Error', 'the store is away')),
    notMade('the store is away'),
  ],
  [
    'a week without a worker is a failed attempt',
    failedWith(new TimeoutFailure('activity ScheduleToStart timeout', undefined, 'SCHEDULE_TO_START')),
    notMade('no worker made it in time'),
  ],
  [
    'an activity that failed without a cause is a failed attempt',
    failedWith(undefined),
    notMade('Activity task failed'),
  ],
  [
    'an activity that was cancelled is not ours to handle',
    failedWith(new CancelledFailure('cancelled')),
    { kind: 'not-ours' },
  ],
  ['a cancelled wait is not ours to handle', new CancelledFailure('cancelled'), { kind: 'not-ours' }],
  ['a fault of the workflow itself is not ours to handle', new TypeError('a bug'), { kind: 'not-ours' }],
  [
    'a failure of that type that no activity threw is not ours to handle',
    application(failureTypes.ruleGone, 'rule watch was deleted'),
    { kind: 'not-ours' },
  ],
  ['a thrown value that is no error is not ours to handle', 'cancelled', { kind: 'not-ours' }],
])('%s', (_what, error, verdict) => {
  expect(verdictOn(error)).toEqual(verdict);
});

/** The error that a call of an activity throws in a workflow. */
function failedWith(cause: Error | undefined): ActivityFailure {
  return new ActivityFailure(
    'Activity task failed',
    'deliverWebhook',
    '1',
    RetryState.NON_RETRYABLE_FAILURE,
    'worker',
    cause,
  );
}
