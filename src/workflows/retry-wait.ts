import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import { retryNow } from './messages';
import type { Retry } from './retry-schedule';

/** The durable wait before a retry, which the update `retryNow` cuts short. */
export class RetryWait {
  private waitsForAttempt: number | undefined;

  constructor() {
    setHandler(
      retryNow,
      () => {
        const attempt = this.awaitedAttempt();
        // At once, so that a second update in the same moment is refused and not swallowed.
        this.waitsForAttempt = undefined;
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
   * @throws CancelledFailure when the execution is cancelled
   */
  async until(retry: Retry, attempt: number): Promise<void> {
    this.waitsForAttempt = attempt;
    const summary = `retry ${retry.number} of ${retry.of} at ${new Date(retry.at).toISOString()}`;
    try {
      await condition(() => this.waitsForAttempt === undefined, Math.max(1, retry.at - Date.now()), {
        summary,
      });
    } finally {
      this.waitsForAttempt = undefined;
    }
  }

  private awaitedAttempt(): number {
    if (this.waitsForAttempt !== undefined) return this.waitsForAttempt;
    throw ApplicationFailure.nonRetryable('nothing waits for a retry now', 'NothingWaits');
  }
}
