import { within } from '../../shared/within';

/** A figure is not read again before this. Milliseconds. */
const LEAST_AGE_MS = 15_000;

/** Of the time, how much may be spent on reading one. */
const MAX_SHARE = 1 / 20;

/** How long a scrape waits for one that is being read; then it shows the one before. Milliseconds. */
const WAIT_MS = 3_000;

/**
 * A figure that costs others something to read: kept for a while, and for longer the longer it takes. Read when it is asked
 * for, so that nobody is asked whom nobody scrapes.
 */
export class KeptFigure<T> {
  private value: T | undefined;
  private readAgainAt = 0;
  private reading: Promise<void> | undefined;

  /** @param read must come to its end by itself @param failed called each time that it throws */
  constructor(
    private readonly read: () => Promise<T>,
    private readonly failed: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @returns undefined while it cannot be read */
  async current(): Promise<T | undefined> {
    if (this.now() >= this.readAgainAt) {
      this.reading ??= this.readAnew().finally(() => (this.reading = undefined));
    }
    if (this.reading) await within(WAIT_MS, this.reading, () => undefined);
    return this.value;
  }

  private async readAnew(): Promise<void> {
    const began = this.now();
    let tookMs = 0;
    try {
      this.value = await this.read();
      tookMs = this.now() - began;
    } catch {
      // How long that took says nothing of the next time.
      this.value = undefined;
      this.failed();
    }
    this.readAgainAt = this.now() + Math.max(LEAST_AGE_MS, tookMs / MAX_SHARE);
  }
}
