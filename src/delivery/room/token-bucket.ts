/** What may begin in a time: `perSecond` on average, and `burst` at once after a pause. Times are in milliseconds. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** A bucket that is empty at first. The rate may be another one at each question: what is in it stays, up to the new burst. */
export class TokenBucket {
  private tokens = 0;
  private fullAt = 0;

  /** @param at when it was empty */
  constructor(private at: number) {}

  /** Whether it is as full as a new one. */
  isFull(now: number): boolean {
    return now >= this.fullAt;
  }

  /** How long until `count` may begin at once, or one after the other; 0: now. */
  waitFor(count: number, rate: Rate, now: number): number {
    this.refill(rate, now);
    return Math.max(0, ((count - this.tokens) / rate.perSecond) * 1_000);
  }

  take(rate: Rate, now: number): void {
    this.refill(rate, now);
    this.tokens -= 1;
    this.fullAt = now + ((rate.burst - this.tokens) / rate.perSecond) * 1_000;
  }

  private refill({ perSecond, burst }: Rate, now: number): void {
    // A clock that went back gives nothing, and takes nothing.
    const passed = Math.max(0, now - this.at);
    this.tokens = Math.min(burst, this.tokens + (passed * perSecond) / 1_000);
    this.at = Math.max(this.at, now);
  }
}
