import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { TemporalAwayError } from './event-intake';

/** How long a caller waits for a server that does not answer. Milliseconds. */
const TIME_LIMIT_MS = 5_000;

/**
 * Asks Temporal something, for a limited time. Not by the call's deadline alone: the SDK tries again beyond it. For reading
 * only: what is given up here may still be carried out.
 *
 * @throws TemporalAwayError when it has not answered by then
 */
export async function inTime<T>(
  client: Client,
  ask: () => Promise<T>,
  timeLimitMs = TIME_LIMIT_MS,
): Promise<T> {
  const timer = new AbortController();
  const tooLate = delay(timeLimitMs, undefined, { signal: timer.signal }).then(() => {
    throw new TemporalAwayError('Temporal does not answer');
  });
  try {
    return await Promise.race([client.withDeadline(Date.now() + timeLimitMs, ask), tooLate]);
  } finally {
    timer.abort();
    tooLate.catch(() => undefined);
  }
}
