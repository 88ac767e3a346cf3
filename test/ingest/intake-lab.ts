import { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { createEventIntake } from '../../src/ingest/accept-event';
import { EventDataGuard } from '../../src/ingest/event-data';
import { EventStarter } from '../../src/ingest/event-starter';
import type { EventIntake } from '../../src/ingest/event-intake';
import { PendingEvents } from '../../src/ingest/pending-events';
import { TemporalReach } from '../../src/ingest/temporal-reach';
import { eventSchema, type IncomingEvent } from '../../src/rules/event';
import { parseRulebookDocument } from '../../src/rules/rulebook-document';
import { createLiveRuleIndex } from '../../src/store/live-rule-index';
import { openStore } from '../../src/store/open-store';
import type { Store } from '../../src/store/store';
import { rulebookDocument, type RuleInShort } from '../support/rules-file';
import { sampleEvent } from '../support/events';

export const WORKSPACE = 'default';
export const CHANGE = { workspace: WORKSPACE, actor: 'test' };

/** What other processes change is not to be found by a look at the clock in time. Milliseconds. */
const NEVER_MS = 3_600_000;

/** Longer than any start takes here. Milliseconds. */
const TIME_LIMIT_MS = 2_000;

/** The intake with a store of its own, as the service puts it together. No worker: what is started waits. */
export class IntakeLab {
  private constructor(
    readonly store: Store,
    readonly client: Client,
    readonly intake: EventIntake,
    readonly starter: EventStarter,
    readonly pending: PendingEvents,
    private readonly live: { close(): void },
    private readonly dataFolder: string,
  ) {}

  static async open(connection: NativeConnection, dataFolder: string): Promise<IntakeLab> {
    const store = await openStore({ dataFolder });
    const warn = () => undefined;
    const live = createLiveRuleIndex(store.feed, { pollMs: NEVER_MS, warn });
    const client = new Client({ connection });
    const starter = new EventStarter(client, store);
    const reach = new TemporalReach(client, TIME_LIMIT_MS);
    const dataGuard = new EventDataGuard(store);
    const intake = createEventIntake({ store, rules: live, starter, reach, dataGuard });
    const pending = new PendingEvents({ store, starter, reach, warn });
    return new IntakeLab(store, client, intake, starter, pending, live, dataFolder);
  }

  putRules(...rules: RuleInShort[]): Promise<void> {
    return putRules(this.store, rules);
  }

  /** What another process does, with a store of its own on the same database. */
  async elsewhere(work: (store: Store) => Promise<unknown>): Promise<void> {
    const store = await openStore({ dataFolder: this.dataFolder });
    try {
      await work(store);
    } finally {
      await store.close();
    }
  }

  accept(changes: object = {}): ReturnType<EventIntake['accept']> {
    return this.intake.accept(WORKSPACE, this.event(changes));
  }

  event(changes: object = {}): IncomingEvent {
    return eventSchema.parse(sampleEvent(changes));
  }

  /** How many executions and dispatchers Temporal has, whatever became of them. */
  async workflows(type: 'executeRule' | 'dispatchEvent' = 'executeRule'): Promise<number> {
    const { count } = await this.client.workflow.count(`WorkflowType = '${type}'`);
    return count;
  }

  async close(): Promise<void> {
    this.live.close();
    await this.store.close();
  }
}

/** Makes these all the rules there are; the sample event's scorecard is followed. */
export async function putRules(store: Store, rules: readonly RuleInShort[]): Promise<void> {
  const { document } = parseRulebookDocument(JSON.stringify(rulebookDocument(...rules)));
  await store.apply(CHANGE, document, { dryRun: false });
}

/** Rules `rule-1` to `rule-<count>`, which the sample event matches. */
export function manyRules(count: number): RuleInShort[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `rule-${index + 1}`,
    urls: ['https://example.com/hook'],
  }));
}
