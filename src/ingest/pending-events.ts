import type { Store } from '../store/store';
import { TemporalAwayError } from './event-intake';
import type { EventStarter } from './event-starter';
import type { TemporalReach } from './temporal-reach';

/** A request that is still at it touches its event more recently than this. Milliseconds. */
const STALE_AFTER_MS = 30_000;

/** Milliseconds. */
const LOOK_INTERVAL_MS = 5_000;

/** Events that are looked at in one go. */
const BATCH = 100;

/**
 * Settles events that were recorded and then left, because the process or Temporal died before all was started and no
 * sender has come back: one of which something was started is brought to its end, one of which nothing was started is
 * taken back, as its sender was never told that it was accepted.
 */
export class PendingEvents {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly deps: {
      store: Pick<Store, 'events'>;
      starter: EventStarter;
      reach: TemporalReach;
      warn: (line: string) => void;
    },
  ) {}

  /** Looks now and then, until `stop`. */
  begin(): void {
    this.timer = setInterval(() => {
      this.looking = this.looking.then(() => this.settle()).catch(this.postponed);
    }, LOOK_INTERVAL_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Settles what is stale now. @param staleAfterMs for tests */
  async settle(staleAfterMs = STALE_AFTER_MS): Promise<void> {
    const { store, starter, reach } = this.deps;
    await reach.check();
    for (const { workspace, id } of await store.events.stalePending(staleAfterMs, BATCH)) {
      const stored = await store.events.get(workspace, id);
      if (stored?.state !== 'pending') continue;
      try {
        if (stored.matched === 0 || (await reach.call(() => starter.hasBegun(workspace, stored)))) {
          await reach.call(() => starter.start(workspace, stored));
        } else {
          await store.events.forget(workspace, id, staleAfterMs);
        }
      } catch (error) {
        if (error instanceof TemporalAwayError) throw error;
        // One that cannot be settled must not hold up the others.
        this.postponed(error);
      }
    }
  }

  private readonly postponed = (error: unknown): void => {
    this.deps.warn(`Events that were left pending are looked at later: ${(error as Error).message}`);
  };
}
