import type { Client } from '@temporalio/client';
import { TemporalAwayError } from './event-intake';
import { within } from '../shared/within';

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
  return within(timeLimitMs, client.withDeadline(Date.now() + timeLimitMs, ask), () => {
    throw new TemporalAwayError('Temporal does not answer');
  });
}
