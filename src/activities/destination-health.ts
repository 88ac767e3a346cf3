import { log } from '@temporalio/activity';
import type { CallResult } from '../delivery/send';

/** Where it is kept how receivers are doing. */
export interface DestinationRecord {
  recordFailure(workspace: string, origin: string, failure: { at: string; error: string }): Promise<void>;
  /** Writes only when it was failing. */
  recordSuccess(workspace: string, origin: string, at: string): Promise<void>;
}

/** How long the record may hold up an attempt that has been made. Milliseconds. */
const TIME_LIMIT_MS = 2_000;

/**
 * Records how a call went. Never throws and never takes long: the call has been made, and must not be made again because
 * a record that only advises people could not be written.
 */
export async function recordHealth(
  destinations: DestinationRecord,
  workspace: string,
  result: CallResult,
): Promise<void> {
  const { url, startedAt: at } = result.attempt;
  const { origin } = new URL(url);
  try {
    await withinLimit(
      result.delivered
        ? destinations.recordSuccess(workspace, origin, at)
        : destinations.recordFailure(workspace, origin, { at, error: result.attempt.error }),
    );
  } catch (error) {
    log.warn('How the receiver is doing could not be recorded', { origin, error: String(error) });
  }
}

async function withinLimit(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error('the store takes too long'));
    }, TIME_LIMIT_MS);
  });
  await Promise.race([work, tooLate]).finally(() => {
    clearTimeout(timer);
  });
}
