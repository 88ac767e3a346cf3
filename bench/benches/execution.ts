import type { StagedBench } from '../bench';
import type { Table } from '../comparison';
import { Arrivals } from '../support/arrivals';
import { Child } from '../support/child';
import { startFloor, type FloorAsk } from '../support/floor-process';
import { inTurns, loadComparisons, runLoad, type Side } from '../support/load';
import { startProduct, type ProductAsk } from '../support/product-process';
import { withParts } from '../support/with-parts';

/** Executions under way at once. */
const AT_ONCE = 50;

/** By the length of the chain, how many are run in one repeat: a few seconds' worth. */
const COUNTS = new Map([
  [1, 250],
  [3, 150],
  [10, 50],
]);

/** Executions alone, started from their worker's process: the product's against the bare floor. */
export const execution: StagedBench = {
  about: 'rules of 1, 3 and 10 steps against bare workflows of as many activities, both started eagerly',
  runOn: (stage, { isQuick, repeats }) =>
    withParts(async (keep) => {
      const arrivals = new Arrivals();
      const receiver = await keep(Child.start<{ url: string }>('receiver', {}, arrivals.add));
      const { url } = receiver.ready;
      const product = await keep(startProduct(stage, url, [...COUNTS.keys()]));
      const floor = await keep(startFloor(stage, url));
      const tables: Table[] = [];
      for (const [steps, full] of COUNTS) {
        const load = { count: isQuick ? full / 5 : full, atOnce: AT_ONCE };
        const ours: Side = {
          start: (id) => product.ask({ id, steps } satisfies ProductAsk),
          client: stage.client,
          workflowType: 'executeRule',
          pids: { Node: product.pid, ...stage.pids },
        };
        const theirs: Side = {
          start: (id) => floor.ask({ id, steps, times: 1, atOnce: 1 } satisfies FloorAsk),
          client: stage.floorClient,
          workflowType: 'floor',
          pids: { Node: floor.pid, ...stage.pids },
        };
        const results = await inTurns(
          repeats,
          () => runLoad(ours, arrivals, load),
          () => runLoad(theirs, arrivals, load),
        );
        const targets =
          steps === 1
            ? { perSecond: { atLeast: 0.9 }, cpu: { atMost: 1.15 } }
            : { perSecond: { atLeast: 0.9 } };
        tables.push({
          title: `${steps} ${steps === 1 ? 'step' : 'steps'}, ${AT_ONCE} executions at once`,
          sides: ['product', 'bare workflow'],
          comparisons: loadComparisons(`${steps}`, results, targets),
        });
      }
      return tables;
    }),
};
