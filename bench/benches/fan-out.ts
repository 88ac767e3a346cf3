import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { StagedBench } from '../bench';
import { Arrivals } from '../support/arrivals';
import { Child } from '../support/child';
import { startFloor, type FloorAsk } from '../support/floor-process';
import { inTurns, loadComparisons, measured, type Measured, type Side } from '../support/load';
import { chainEvent, chainRule } from '../support/rules';
import { Service } from '../support/service';
import { withParts } from '../support/with-parts';

const RULES = 1_000;

/** Pairs at most: each takes most of a minute. */
const MAX_REPEATS = 3;

/** Starts under way at once: as many as a dispatcher has. */
const STARTS_AT_ONCE = 10;

interface FanOut extends Measured {
  /** Executions in a second, from the event until the last one is started. */
  startsPerSecond: number;
}

/** One event that many rules listen to. */
export const fanOut: StagedBench = {
  about:
    'one event that matches 1,000 rules of one step, against a bare loop that starts as many bare workflows, 10 starts at once',
  runOn: (stage, { isQuick, repeats }) =>
    withParts(async (keep) => {
      const count = isQuick ? RULES / 10 : RULES;
      const arrivals = new Arrivals();
      const receiver = await keep(Child.start<{ url: string }>('receiver', {}, arrivals.add));
      const { url } = receiver.ready;
      const rules = Array.from({ length: count }, (_, nth) => ({ ...chainRule(url, 1), id: `rule-${nth}` }));
      const service = await keep(Service.start(stage, rules));
      const floor = await keep(startFloor(stage, url));

      const measure = async (side: Side) => {
        const id = randomUUID();
        const began = Date.now();
        const load = await measured(side, count, () => Promise.all([side.start(id), arrivals.of(id, count)]));
        const since = `StartTime >= '${new Date(began).toISOString()}'`;
        const last = await lastStart(side.client, `WorkflowType = '${side.workflowType}' AND ${since}`);
        return { ...load, startsPerSecond: (count * 1_000) / (last - began) } satisfies FanOut;
      };
      const product: Side = {
        start: (id) => service.postEvent(chainEvent(id, 1)),
        client: stage.client,
        workflowType: 'executeRule',
        pids: { Node: service.pid, ...stage.pids },
      };
      const bare: Side = {
        start: (id) => floor.ask({ id, steps: 1, times: count, atOnce: STARTS_AT_ONCE } satisfies FloorAsk),
        client: stage.floorClient,
        workflowType: 'floor',
        pids: { Node: floor.pid, ...stage.pids },
      };
      const [ours, theirs] = await inTurns(
        Math.min(repeats, MAX_REPEATS),
        () => measure(product),
        () => measure(bare),
      );
      const startsPerSecond = (each: FanOut) => each.startsPerSecond;
      return [
        {
          title: `${count} rules match one event`,
          sides: ['product', 'bare loop'],
          comparisons: [
            {
              what: 'starts, while what is started runs',
              unit: '/s',
              ours: ours.map(startsPerSecond),
              theirs: theirs.map(startsPerSecond),
              target: { atLeast: 0.9 },
            },
            ...loadComparisons('to the last end', [ours, theirs]),
          ],
        },
      ];
    }),
};

/** Milliseconds since 1970. */
async function lastStart(client: Client, query: string): Promise<number> {
  let last = 0;
  for await (const { startTime } of client.workflow.list({ query }))
    last = Math.max(last, startTime.getTime());
  return last;
}
