import type { StagedBench } from '../bench';
import { startEndpoints } from '../support/endpoints';
import { inTurns, loadComparisons, runLoad } from '../support/load';
import { withParts } from '../support/with-parts';

/** Executions under way at once. */
const AT_ONCE = 50;

const COUNT = 300;

/** The whole way of an event of one rule with one step, under load. */
export const api: StagedBench = {
  about:
    'the service, from POST /v1/events to the end of a rule of one step, against a bare endpoint that starts a bare workflow',
  runOn: (stage, { isQuick, repeats }) =>
    withParts(async (keep) => {
      const { arrivals, product, bare } = await startEndpoints(stage, keep);
      const load = { count: isQuick ? COUNT / 6 : COUNT, atOnce: AT_ONCE };
      const results = await inTurns(
        repeats,
        () => runLoad(product, arrivals, load),
        () => runLoad(bare, arrivals, load),
      );
      return [
        {
          title: `1 step by HTTP, ${AT_ONCE} at once`,
          sides: ['product', 'bare endpoint and workflow'],
          comparisons: loadComparisons('1', results),
          notes: [
            'Beside the execution itself, the product authenticates, matches, and records the event in its store, before it answers.',
          ],
        },
      ];
    }),
};
