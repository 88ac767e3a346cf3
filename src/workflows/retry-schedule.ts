/** The next try of a step that failed. */
export interface Retry {
  /** Its place in the schedule, from 1. */
  number: number;
  /** How many the schedule has. */
  of: number;
  /** Milliseconds since 1970. */
  at: number;
}

/**
 * The retry that comes after `now`, or undefined when the schedule is over.
 *
 * Each retry has a fixed place in time, counted from the step's first attempt, so that neither a slow call nor an
 * extra "retry now" moves the later ones. `Retry-After` moves the next one later, over others whose time then has
 * passed, but never past the end of the schedule; it adds none.
 *
 * @param delaysMs delay before each retry, counted from the attempt before it
 * @param firstAttemptAt milliseconds since 1970
 * @param retryAfterMs what the receiver asked for, counted from `now`
 */
export function nextRetry(
  delaysMs: readonly number[],
  firstAttemptAt: number,
  now: number,
  retryAfterMs = 0,
): Retry | undefined {
  let at = firstAttemptAt;
  const places = delaysMs.map((delay, index) => ({
    number: index + 1,
    of: delaysMs.length,
    at: (at += delay),
  }));
  const next = places.find((place) => place.at > now);
  const last = places.at(-1);
  if (next === undefined || last === undefined) return undefined;
  return { ...next, at: Math.min(Math.max(next.at, now + retryAfterMs), last.at) };
}
