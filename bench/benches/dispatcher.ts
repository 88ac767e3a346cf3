import type { Client } from '@temporalio/client';
import type { StagedBench } from '../bench';
import type { Comparison } from '../comparison';
import { inTurns } from '../support/load';
import { startProductWorker } from '../support/product-worker';
import { withParts } from '../support/with-parts';
import { executionIdOf } from '../../src/client/execution-id';
import { EventStarter } from '../../src/ingest/event-starter';
import { customEventSchema } from '../../src/rules/custom-event';
import { validateRulebookDocument } from '../../src/rules/rulebook-document';
import { DEFAULT_WORKSPACE } from '../../src/shared/ids';
import { openStore } from '../../src/store/open-store';
import type { EventMatch } from '../../src/store/event-store';
import type { Store } from '../../src/store/store';

const COUNTS = [1, 5, 10, 20, 50, 200];
/** Larger ones take long, and are asked for less often. */
const MANY = 50;
const REPEATS_OF_MANY = 3;

/** From how many matches on an event is better left to a dispatcher: see MAX_DIRECT_STARTS. */
export const dispatcher: StagedBench = {
  about:
    "how long an event's sender waits, and how long until all executions are there, when they are started before the answer and when a dispatcher is",
  runOn: (stage, { isQuick, repeats }) =>
    withParts(async (keep) => {
      const store = await openStore({ databaseUrl: stage.databaseUrl, dataFolder: stage.folder });
      await keep(Promise.resolve({ stop: () => store.close() }));
      const rules = Array.from({ length: Math.max(...COUNTS) }, (_, nth) => waitingRule(nth));
      const { document } = validateRulebookDocument({ rules });
      await store.apply({ workspace: DEFAULT_WORKSPACE, actor: 'bench' }, document, { dryRun: false });
      const { client, connection } = stage;
      const direct = new EventStarter(client, store, Infinity);
      const dispatched = new EventStarter(client, store, 0);
      await keep(
        startProductWorker({ connection, store, startBatch: (batch) => dispatched.startBatch(batch) }),
      );

      let nth = 0;
      const measure = async (starter: EventStarter, count: number) => {
        const id = `event-${(nth += 1)}`;
        const stored = await registered(store, id, count);
        const began = performance.now();
        await starter.start(DEFAULT_WORKSPACE, stored);
        const answered = performance.now() - began;
        while ((await countExecutions(client, id)) < count)
          await new Promise((resolve) => setTimeout(resolve, 5));
        return { answered, there: performance.now() - began };
      };
      const comparisons: Comparison[] = [];
      for (const count of isQuick ? COUNTS.slice(0, 3) : COUNTS) {
        const [ours, theirs] = await inTurns(
          count >= MANY ? Math.min(repeats, REPEATS_OF_MANY) : repeats,
          () => measure(direct, count),
          () => measure(dispatched, count),
        );
        for (const [what, of] of [
          ['the answer', 'answered'],
          ['all are there', 'there'],
        ] as const) {
          comparisons.push({
            what: `${count} ${count === 1 ? 'match' : 'matches'}: ${what}`,
            unit: 'ms',
            ours: ours.map((each) => each[of]),
            theirs: theirs.map((each) => each[of]),
          });
        }
      }
      return [
        {
          title: 'Until the answer, and until all executions are there',
          sides: ['direct', 'dispatcher'],
          comparisons,
        },
      ];
    }),
};

/** Refused at once, and then waits: what is measured is the start. */
function waitingRule(nth: number) {
  return {
    id: `rule-${nth}`,
    name: `Rule ${nth}`,
    owner: { email: 'ada@example.com' },
    event: { type: 'bench.waiting' },
    steps: [{ action: 'call_webhook', url: 'http://127.0.0.1:9/' }],
    retry_schedule: ['30d'],
  };
}

async function registered(store: Store, id: string, count: number) {
  const event = customEventSchema.parse({ id, type: 'bench.waiting', data: {} });
  const matches = Array.from({ length: count }, (_, nth): EventMatch => {
    const ruleId = `rule-${nth}`;
    const trigger = { type: event.type, data: event.data };
    const executionId = executionIdOf(DEFAULT_WORKSPACE, ruleId, id);
    return { ruleId, ruleVersion: 1, executionId, reason: 'it came in', trigger };
  });
  return (await store.events.register(DEFAULT_WORKSPACE, { id, hash: id, event }, matches)).stored;
}

async function countExecutions(client: Client, id: string): Promise<number> {
  return (await client.workflow.count(`WorkflowType = 'executeRule' AND RuleEventId = '${id}'`)).count;
}
