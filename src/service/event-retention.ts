import type { Store } from '../store/store';

/** Milliseconds. */
const LOOK_INTERVAL_MS = 3_600_000;
const MS_PER_DAY = 86_400_000;

/**
 * Deletes the records of events and escalations that are older than executions are kept, and sessions that have ended, now and
 * every hour.
 *
 * @returns how to end that
 */
export function keepEventsFor(
  retentionDays: number,
  store: Pick<Store, 'events' | 'escalations' | 'sessions'>,
  warn: (line: string) => void,
): () => void {
  const purge = async () => {
    const before = new Date(Date.now() - retentionDays * MS_PER_DAY).toISOString();
    try {
      while ((await store.events.purge(before)) > 0);
      await store.escalations.deleteBefore(before);
      await store.sessions.purge(new Date());
    } catch (error) {
      warn(`Old records are deleted later: ${(error as Error).message}`);
    }
  };
  void purge();
  const timer = setInterval(() => void purge(), LOOK_INTERVAL_MS);
  return () => {
    clearInterval(timer);
  };
}
