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
 * When a step that fails is tried again. All times are in milliseconds since 1970.
 *
 * Each retry has a fixed place in time, counted from the step's first attempt, so that an extra "retry now" moves none.
 * A place that has passed already (a call took longer than the delay, or no worker was there) is made up for after
 * its own delay: our lateness costs the receiver no retry. `Retry-After` moves the next retry later, never past the end
 * of the schedule; it takes the place of those that it moves over, and so adds none.
 */
export class RetrySchedule {
  private readonly places: { number: number; delay: number; at: number }[];
  private readonly end: number;
  private used = 0;
  /** When the attempt that the schedule counts had failed: the first one, or the last retry at its time. */
  private failedAt: number | undefined;

  /** @param delaysMs delay before each retry, counted from the attempt before it */
  constructor(delaysMs: readonly number[], firstAttemptAt: number) {
    let at = firstAttemptAt;
    this.places = delaysMs.map((delay, index) => ({ number: index + 1, delay, at: (at += delay) }));
    this.end = at;
  }

  /**
   * The retry that comes next after a failure, or undefined when the schedule is used up.
   *
   * @param retryAfterMs what the receiver asked for, counted from `now`
   */
  next(now: number, retryAfterMs = 0): Retry | undefined {
    this.failedAt ??= now;
    const place = this.places[this.used];
    if (place === undefined) return undefined;
    const of = this.places.length;
    const at = Math.max(now, place.at > this.failedAt ? place.at : this.failedAt + place.delay);
    const asked = Math.min(now + retryAfterMs, this.end);
    if (asked <= at) return { number: place.number, of, at };
    const movedOver = this.places.filter((other) => other.at <= asked).length;
    return { number: Math.max(place.number, movedOver), of, at: asked };
  }

  /** The time of this retry came, so it is used up; an attempt before its time uses up none. */
  made({ number }: Retry): void {
    this.used = number;
    this.failedAt = undefined;
  }
}
