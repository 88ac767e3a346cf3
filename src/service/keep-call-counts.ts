import type { CallCounter } from '../destinations/call-counts';
import { CALL_COUNTS_KEPT_MS } from '../shared/limits';
import type { DestinationCalls } from '../store/destination-call-store';

/** Milliseconds. */
const FLUSH_INTERVAL_MS = 15_000;
const PURGE_INTERVAL_MS = 3_600_000;

/**
 * Writes what this process has counted to the store every few seconds, in one transaction for all destinations, and deletes
 * what is old. Counts that could not be written are lost: they are for people to look at, and nothing depends on them.
 *
 * @returns how to end that; writes what is left
 */
export function keepCallCounts(
  counter: CallCounter,
  calls: DestinationCalls,
  warn: (line: string) => void,
): () => Promise<void> {
  const failed = (error: unknown) => {
    warn(`How calls went could not be counted in the store: ${(error as Error).message}`);
  };
  let last = Promise.resolve();
  const flush = () => (last = last.then(() => calls.add(counter.take())).catch(failed));
  const purge = () => calls.purge(new Date(Date.now() - CALL_COUNTS_KEPT_MS).toISOString()).catch(failed);
  void purge();
  const timers = [
    setInterval(() => void flush(), FLUSH_INTERVAL_MS),
    setInterval(() => void purge(), PURGE_INTERVAL_MS),
  ];
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await flush();
  };
}
