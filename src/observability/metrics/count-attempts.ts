import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { DeliverWebhookInput } from '../../activities/deliver-webhook';
import { attemptVerdict, type AttemptFailure } from '../../shared/attempt-failure';
import { failureTypes } from '../../shared/activity-failures';
import type { MadeAtOnce } from '../../shared/attempt-at-once';
import type { DeliveredAttempt } from '../../shared/called-webhook';
import { statusClass, type Instruments } from './instruments';

/** The activities that make attempts. */
const ATTEMPTING = ['deliverWebhook', 'deliverAtOnce'];

/**
 * Counts the attempts that a worker makes and the holds that it meets, as their activities tell the workflow of them: each where
 * its call was made, whether or not the workflow comes to hear of it.
 */
export function countAttempts(instruments: Instruments): ActivityInterceptorsFactory {
  return ({ info }) =>
    ATTEMPTING.includes(info.activityType)
      ? {
          inbound: {
            execute: async (input, next) => {
              const { dueAt = info.scheduledTimestampMs, made } = input.args[0] as DeliverWebhookInput;
              try {
                const result = (await next(input)) as MadeAtOnce;
                if ('response' in result) countDelivered(instruments, result, dueAt);
                if ('failed' in result) countFailed(instruments, result.failed, dueAt);
                return result;
              } catch (error) {
                // One that was made before is recorded, and was counted then.
                if (made === undefined) countFailure(instruments, error, dueAt);
                throw error;
              }
            },
          },
        }
      : {};
}

function countFailure(instruments: Instruments, error: unknown, dueAt: number): void {
  // Whatever has another type is no attempt: a fault of ours, or no room.
  const types: unknown[] = [failureTypes.attemptFailed, failureTypes.held];
  if (!(error instanceof ApplicationFailure) || !types.includes(error.type)) return;
  const verdict = attemptVerdict(error, error.message);
  if (verdict.kind === 'held') instruments.held.inc({ reason: verdict.hold.because ?? 'unknown' });
  if (verdict.kind === 'attempt-failed') countFailed(instruments, verdict.attempt, dueAt);
}

function countDelivered(instruments: Instruments, attempt: DeliveredAttempt, dueAt: number): void {
  instruments.attempts.inc({
    outcome: 'delivered',
    status_class: statusClass(attempt.response.status),
  });
  measure(instruments, 'delivered', attempt, dueAt);
}

function countFailed(instruments: Instruments, attempt: AttemptFailure, dueAt: number): void {
  instruments.attempts.inc({ outcome: 'failed', status_class: statusClass(attempt.status) });
  measure(instruments, 'failed', attempt, dueAt);
}

/** @param dueAt milliseconds since 1970, by the server's clock */
function measure(
  { attemptDuration, scheduleLag }: Instruments,
  outcome: 'delivered' | 'failed',
  { startedAt, durationMs }: Pick<AttemptFailure, 'startedAt' | 'durationMs'>,
  dueAt: number,
): void {
  // Absent when no call could be made: then nothing was late and nothing took time.
  if (startedAt === undefined || durationMs === undefined) return;
  attemptDuration.observe({ outcome }, durationMs / 1_000);
  // The clocks of two machines may differ.
  scheduleLag.observe(Math.max(0, Date.parse(startedAt) - dueAt) / 1_000);
}
