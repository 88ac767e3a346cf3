import type { Client } from '@temporalio/client';
import { countByStatus } from '../../client/execution-counts';
import type { Store } from '../../store/store';
import type { Instruments, Source } from './instruments';
import { KeptFigure } from './kept-figure';

/** What all processes share. */
export interface Installation {
  client: Pick<Client, 'workflow' | 'withDeadline'>;
  store: {
    events: Pick<Store['events'], 'countPending'>;
    destinations: Pick<Store['destinations'], 'countByStanding'>;
  };
}

/** An event that is on its way to Temporal is none that waits: the mark that it is there may be this late. Milliseconds. */
const PENDING_FOR_MS = 5_000;

/** For all questions of one count. Milliseconds. */
const TEMPORAL_TIME_LIMIT_MS = 20_000;

const NO_DESTINATIONS = { healthy: 0, failing: 0, circuit_open: 0, disabled: 0 };

/** What Temporal and the store have, each figure read at most every 15 s, and absent while it cannot be read. */
export class InstallationFigures {
  private readonly executions;
  private readonly pending;
  private readonly destinations;

  constructor(
    { client, store }: Installation,
    private readonly instruments: Instruments,
  ) {
    const failed = (source: Source) => () => {
      instruments.scrapeErrors.inc({ source });
    };
    this.executions = new KeptFigure(
      () => client.withDeadline(Date.now() + TEMPORAL_TIME_LIMIT_MS, () => countByStatus(client)),
      failed('temporal'),
    );
    this.pending = new KeptFigure(() => store.events.countPending(PENDING_FOR_MS), failed('store'));
    this.destinations = new KeptFigure(() => store.destinations.countByStanding(), failed('store'));
  }

  /** Takes 3 s at most. */
  async show(): Promise<void> {
    const [executions, pending, destinations] = await Promise.all([
      this.executions.current(),
      this.pending.current(),
      this.destinations.current(),
    ]);
    const { executions: byStatus, destinations: byStanding, eventsPending } = this.instruments;
    byStatus.reset();
    for (const [status, count] of Object.entries(executions ?? {})) byStatus.set({ status }, count);
    byStanding.reset();
    const standings = destinations && { ...NO_DESTINATIONS, ...destinations };
    for (const [standing, count] of Object.entries(standings ?? {})) byStanding.set({ standing }, count);
    if (pending === undefined) eventsPending.remove();
    else eventsPending.set(pending);
  }
}
