import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import { MAX_RETRY_NOW } from '../shared/limits';
import { retryNow } from './messages';
import type { Retry } from './retry-schedule';

/** The durable wait before a retry, which the update `retryNow` cuts short. */
export class RetryWait {
  private waitsForAttempt: number | undefined;
  private asked = 0;

  constructor() {
    setHandler(
      retryNow,
      () => {
        const attempt = this.awaitedAttempt();
        // At once, so that a second update in the same moment is refused and not swallowed.
        this.waitsForAttempt = undefined;
        this.asked += 1;
        return { attempt };
      },
      {
        description: 'End the wait for the next retry at once',
        validator: () => void this.awaitedAttempt(),
      },
    );
  }

  /**
   * Waits for the time of `retry`.
   *
   * @param attempt which attempt of its step comes after the wait, the first being 1
   * @returns whether its time came, or somebody asked for an attempt before
   * @throws CancelledFailure when the execution is cancelled
   */
  async until(retry: Retry, attempt: number): Promise<'due' | 'retry-now'> {
    this.waitsForAttempt = attempt;
    const summary = `retry ${retry.number} of ${retry.of} at ${new Date(retry.at).toISOString()}`;
    try {
      const left = Math.max(1, retry.at - Date.now());
      const asked = await condition(() => this.waitsForAttempt === undefined, left, { summary });
      return asked ? 'retry-now' : 'due';
    } finally {
      this.waitsForAttempt = undefined;
    }
  }

  /** @throws ApplicationFailure when `retryNow` is refused, with the reason */
  private awaitedAttempt(): number {
    if (this.waitsForAttempt === undefined) {
      throw ApplicationFailure.nonRetryable('nothing waits for a retry now', 'RetryNowRefused');
    }
    if (this.asked >= MAX_RETRY_NOW) {
      const why = `this execution was told to retry ${MAX_RETRY_NOW} times: it waits for its schedule now`;
      throw ApplicationFailure.nonRetryable(why, 'RetryNowRefused');
    }
    return this.waitsForAttempt;
  }
}
