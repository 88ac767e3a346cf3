import type { Client } from '@temporalio/client';
import { isGrpcServiceError } from '@temporalio/client';
import { TemporalAwayError } from './event-intake';

/** How long a sender waits for a server that does not answer. Milliseconds. */
const START_TIME_LIMIT_MS = 5_000;

/** For the look whether a server that was away is back. Milliseconds. */
const PROBE_TIME_LIMIT_MS = 1_000;

/** gRPC's: DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE, and CANCELLED, which a lost connection can be. */
const PASSING = new Set([1, 4, 8, 14]);

/**
 * Runs calls to Temporal with a time limit, and says of those that fail for its absence that it is away. Once it was
 * away, the next call is preceded by a cheap look, so that work is not begun in vain.
 */
export class TemporalReach {
  private away = false;

  /** @param timeLimitMs for what `call` runs */
  constructor(
    private readonly client: Client,
    private readonly timeLimitMs = START_TIME_LIMIT_MS,
  ) {}

  /** @throws TemporalAwayError when it was away a moment ago and still is */
  async check(): Promise<void> {
    if (!this.away) return;
    await this.within(PROBE_TIME_LIMIT_MS, () => this.client.workflowService.getSystemInfo({}));
    this.away = false;
  }

  /** @throws TemporalAwayError; whatever `call` throws beside it */
  call<T>(call: () => Promise<T>): Promise<T> {
    return this.within(this.timeLimitMs, call);
  }

  private async within<T>(timeLimitMs: number, call: () => Promise<T>): Promise<T> {
    try {
      return await this.client.withDeadline(Date.now() + timeLimitMs, call);
    } catch (error) {
      if (!isAway(error)) throw error;
      this.away = true;
      throw new TemporalAwayError('Temporal cannot be reached', { cause: error });
    }
  }
}

/** The client wraps what gRPC said into errors of its own. */
function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (isGrpcServiceError(error) && PASSING.has(error.code)) || isAway(error.cause);
}
