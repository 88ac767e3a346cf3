import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { DeliverWebhookInput } from '../../activities/deliver-webhook';
import { attemptVerdict, type AttemptFailure } from '../../shared/attempt-failure';
import { failureTypes } from '../../shared/activity-failures';
import type { DeliveredAttempt } from '../../shared/called-webhook';
import { statusClass, type Instruments } from './instruments';

/**
 * Counts the attempts that a worker makes and the holds that it meets, as their activities tell the workflow of them:
 * by what an activity answers or how it fails, whatever it is called.
 */
export function countAttempts(instruments: Instruments): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      execute: async (input, next) => {
        const dueAt = (input.args[0] as Partial<DeliverWebhookInput> | undefined)?.dueAt;
        const due = dueAt ?? info.scheduledTimestampMs;
        try {
          const result = await next(input);
          if (isDelivered(result)) {
            countAttempt(instruments, 'delivered', result.response.status, result, due);
          }
          return result;
        } catch (error) {
          countFailure(instruments, error, due);
          throw error;
        }
      },
    },
  });
}

function isDelivered(result: unknown): result is DeliveredAttempt {
  return typeof result === 'object' && result !== null && 'response' in result && 'durationMs' in result;
}

function countFailure(instruments: Instruments, error: unknown, due: number): void {
  // Whatever has another type is no attempt: a fault of ours, or no room.
  const types: unknown[] = [failureTypes.attemptFailed, failureTypes.held];
  if (!(error instanceof ApplicationFailure) || !types.includes(error.type)) return;
  const verdict = attemptVerdict(error, error.message);
  if (verdict.kind === 'held') instruments.held.inc({ reason: verdict.hold.because ?? 'unknown' });
  if (verdict.kind !== 'attempt-failed') return;
  countAttempt(instruments, 'failed', verdict.attempt.status, verdict.attempt, due);
}

/** @param due milliseconds since 1970, by the server's clock */
function countAttempt(
  { attempts, attemptDuration, scheduleLag }: Instruments,
  outcome: 'delivered' | 'failed',
  status: number | undefined,
  { startedAt, durationMs }: Pick<AttemptFailure, 'startedAt' | 'durationMs'>,
  due: number,
): void {
  attempts.inc({ outcome, status_class: statusClass(status) });
  // Absent when no call could be made: then nothing was late and nothing took time.
  if (startedAt === undefined || durationMs === undefined) return;
  attemptDuration.observe({ outcome }, durationMs / 1_000);
  // The clocks of two machines may differ.
  scheduleLag.observe(Math.max(0, Date.parse(startedAt) - due) / 1_000);
}
