import type { Hold } from '../shared/hold';
import { MIN_HOLD_MS, MIN_LOOK_INTERVAL_MS, MIN_LOOK_SHARE } from '../shared/limits';

/**
 * How long a step may be held. Times are in milliseconds since 1970; the contract's 36 hours count from the step's first
 * attempt, or from its first look when there was none.
 */
export class HoldLimit {
  private since: number | undefined;

  /** @param delaysMs the schedule of retries: a hold lasts as long as a longer one */
  constructor(private readonly delaysMs: readonly number[]) {}

  /** Counted from then, unless it is counted already. */
  countFrom(time: number): void {
    this.since ??= time;
  }

  /** When the step is given up. */
  get end(): number {
    const schedule = this.delaysMs.reduce((sum, delay) => sum + delay, 0);
    return (this.since ?? 0) + Math.max(MIN_HOLD_MS, schedule);
  }

  /** When to look again; undefined: the step is given up now. */
  nextLook(now: number, { lookAgainMs }: Hold): number | undefined {
    this.countFrom(now);
    if (now >= this.end) return undefined;
    const passed = now - (this.since ?? now);
    const wait = Math.max(lookAgainMs, MIN_LOOK_INTERVAL_MS, Math.ceil(passed * MIN_LOOK_SHARE));
    return Math.min(now + wait, this.end);
  }
}
