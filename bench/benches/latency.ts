import { randomUUID } from 'node:crypto';
import type { StagedBench } from '../bench';
import { median, percentile } from '../comparison';
import type { Arrivals } from '../support/arrivals';
import { clockMs } from '../support/clock';
import { startEndpoints } from '../support/endpoints';
import { inTurns, endedSoFar, untilEnded, type Side } from '../support/load';
import { withParts } from '../support/with-parts';

/** Events of one repeat. */
const COUNT = 60;

/** How long an event takes to its receiver when there is nothing else to do. */
export const latency: StagedBench = {
  about:
    "the time from POST /v1/events to the receiver's first byte, one event at a time, against the bare endpoint's",
  runOn: (stage, { isQuick, repeats }) =>
    withParts(async (keep) => {
      const { arrivals, product, bare } = await startEndpoints(stage, keep);
      const count = isQuick ? COUNT / 4 : COUNT;
      const [ours, theirs] = await inTurns(
        repeats,
        () => latencies(product, arrivals, count),
        () => latencies(bare, arrivals, count),
      );
      const row = (what: string, of: (times: number[]) => number) => ({
        what,
        unit: 'ms',
        ours: ours.map(of),
        theirs: theirs.map(of),
      });
      return [
        {
          title: 'From the request until its call is at the receiver, one at a time',
          sides: ['product', 'bare endpoint and workflow'],
          comparisons: [row('median', median), row('p90', (times) => percentile(times, 0.9))],
        },
      ];
    }),
};

/** Milliseconds. */
async function latencies(side: Side, arrivals: Arrivals, count: number): Promise<number[]> {
  const times: number[] = [];
  const ended = await endedSoFar(side);
  for (let nth = 0; nth < count; nth += 1) {
    const id = randomUUID();
    const began = clockMs();
    await side.start(id);
    const [arrived = NaN] = await arrivals.of(id, 1);
    times.push(arrived - began);
    await untilEnded(side, ended + nth + 1);
  }
  return times;
}
