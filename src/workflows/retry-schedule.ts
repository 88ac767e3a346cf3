/** The next try of a step that failed. */
export interface Retry {
  /** Its place in the schedule, from 1. */
  number: number;
  /** How many the schedule has. */
  of: number;
  /** Milliseconds since 1970. */
  at: number;
}

/** What has become of a step so far. Times are in milliseconds since 1970. */
export interface StepClock {
  firstAttemptAt: number;
  /** The `number` of the scheduled retry that was made last; 0 before the first. */
  used: number;
  now: number;
  /** What the receiver asked for, counted from `now`. */
  retryAfterMs?: number | undefined;
}

/**
 * The retry that comes next, or undefined when the schedule is used up.
 *
 * Each retry has a fixed place in time, counted from the step's first attempt, so that an extra "retry now" moves none.
 * A place that has passed already (a call took longer than the delay, or no worker was there) is made up for after
 * its own delay: our lateness costs the receiver no retry. `Retry-After` moves the next retry later, never past the end
 * of the schedule; it takes the place of those that it moves over, and so adds none.
 *
 * @param delaysMs delay before each retry, counted from the attempt before it
 */
export function nextRetry(delaysMs: readonly number[], clock: StepClock): Retry | undefined {
  const { firstAttemptAt, used, now, retryAfterMs = 0 } = clock;
  let elapsed = 0;
  const places = delaysMs.map((delay, index) => ({
    number: index + 1,
    delay,
    at: firstAttemptAt + (elapsed += delay),
  }));
  const next = places[used];
  if (next === undefined) return undefined;

  const of = delaysMs.length;
  const at = next.at > now ? next.at : now + next.delay;
  const asked = Math.min(now + retryAfterMs, firstAttemptAt + elapsed);
  if (asked <= at) return { number: next.number, of, at };
  const movedOver = places.filter((place) => place.at <= asked).length;
  return { number: Math.max(next.number, movedOver), of, at: asked };
}
