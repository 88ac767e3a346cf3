import type { Client } from '@temporalio/client';
import { isGrpcServiceError } from '@temporalio/client';
import { TemporalAwayError } from './event-intake';
import { inTime } from './in-time';

/** After this no further try of a start is begun; one that is under way is waited for (10 s at most). Milliseconds. */
const START_TIME_LIMIT_MS = 5_000;

/** For the look whether a server that was away is back. Milliseconds. */
const PROBE_TIME_LIMIT_MS = 1_000;

/**
 * gRPC's: DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE; and CANCELLED, UNKNOWN and INTERNAL, as which a connection that
 * breaks in the midst of a call is reported.
 */
const PASSING = new Set([1, 2, 4, 8, 13, 14]);

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
    await this.orAway(
      inTime(this.client, () => this.client.workflowService.getSystemInfo({}), PROBE_TIME_LIMIT_MS),
    );
    this.away = false;
  }

  /**
   * When it says that Temporal is away, nothing of the call is under way any more: so its time limit is the SDK's, which
   * tries again for a while, and not one that would leave a start to be carried out after its sender was told 503.
   *
   * @throws TemporalAwayError; whatever `call` throws beside it
   */
  call<T>(call: () => Promise<T>): Promise<T> {
    return this.orAway(this.client.withDeadline(Date.now() + this.timeLimitMs, call));
  }

  private async orAway<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
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
  if (error instanceof TemporalAwayError) return true;
  return (isGrpcServiceError(error) && PASSING.has(error.code)) || isAway(error.cause);
}
