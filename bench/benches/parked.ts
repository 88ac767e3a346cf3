import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { StagedBench } from '../bench';
import { median, percentile, type Comparison } from '../comparison';
import { Arrivals } from '../support/arrivals';
import { Child } from '../support/child';
import { clockMs } from '../support/clock';
import { startFloor, type FloorAsk } from '../support/floor-process';
import { loadComparisons, measured, type Side } from '../support/load';
import { memoryOfTree } from '../support/process-tree';
import { chainRule } from '../support/rules';
import { Service } from '../support/service';
import { withParts } from '../support/with-parts';
import { startExecution } from '../../src/client/start-execution';
import { DEFAULT_WORKSPACE } from '../../src/shared/ids';
import { mapBounded } from '../../src/shared/map-bounded';
import { slices } from '../../src/store/lists';

/** Executions that wait; a tenth of them are due at once. */
const PARKED = 50_000;
const QUICK_PARKED = 500;
const WAVE_SHARE = 0.1;

/** What is there when the first look is taken, so that both looks are at a full page. */
const FEW = 50;

const STARTS_AT_ONCE = 20;

/** Started before they are waited for: a backlog of calls to one receiver would be told to come again, over and over. */
const PARKED_AT_ONCE = 500;

const LOOKS = 15;

/** Longer than any run. Milliseconds. */
const FAR_MS = 30 * 86_400_000;

/** Between the last start of a wave and its due time, at least. Milliseconds. */
const LEAD_MS = 10_000;

const PAGES = {
  'newest page': '/v1/executions?limit=50',
  'page of those that wait': '/v1/executions?status=waiting_for_retry&limit=50',
  'count of those that wait': '/v1/executions/count?status=waiting_for_retry',
};

/** What executions that wait for their retries cost, and what comes of a tenth of them being due at once. */
export const parked: StagedBench = {
  about: `many executions in retry waits against ${FEW}, and a tenth as many due at once against as many bare workflows that sleep`,
  runOn: (stage, { isQuick, count }) =>
    withParts(async (keep) => {
      const total = count ?? (isQuick ? QUICK_PARKED : PARKED);
      const waveCount = Math.round(total * WAVE_SHARE);
      const arrivals = new Arrivals();
      const receiver = await keep(Child.start<{ url: string }>('receiver', {}, arrivals.add));
      const { url } = receiver.ready;
      const rule = chainRule(`${url}/parked`, 1, { id: 'parked' });
      const service = await keep(
        Service.start(stage, [rule], { BREAKER_FAILURES: '0', DISABLE_AFTER_DAYS: '0' }),
      );
      const floor = await keep(startFloor(stage, url));
      const pids = { Node: service.pid, ...stage.pids };

      /** Starts executions whose first call fails, and waits until all of them wait. @param due milliseconds since 1970 */
      const park = async (eventId: string, amount: number, due: number) => {
        const waiting = `RuleEventId = '${eventId}' AND RuleStatus = 'waiting_for_retry'`;
        let started = 0;
        for (const some of slices(Array.from({ length: amount }), PARKED_AT_ONCE)) {
          await mapBounded(some, STARTS_AT_ONCE, () =>
            startExecution(stage.client, {
              executionId: randomUUID(),
              workspace: DEFAULT_WORKSPACE,
              rule: { id: 'parked', version: '1', name: 'Parked' },
              event: { id: eventId, type: 'bench.parked' },
              message: { trigger: { type: 'bench.parked', data: { id: eventId } } },
              steps: [{ id: 'step-1', target: `${url}/parked/last` }],
              retryDelaysMs: [due - Date.now()],
            }),
          );
          started += some.length;
          while ((await stage.client.workflow.count(waiting)).count < started) await delay(100);
        }
      };
      const look = async () => ({
        memory: new Map(Object.entries(pids).map(([name, pid]) => [name, memoryOfTree(pid)])),
        pages: new Map(
          await mapBounded(
            Object.entries(PAGES),
            1,
            async ([name, path]) => [name, await timesOf(service, path)] as const,
          ),
        ),
      });

      await park('few', FEW, Date.now() + FAR_MS);
      const few = await look();
      const left = total - FEW - waveCount;
      const began = clockMs();
      await park('many', left, Date.now() + FAR_MS);
      const perSecond = (left * 1_000) / (clockMs() - began);
      /** Longer than a wave's parking takes: a wave that is due before all of it waits is none. Milliseconds. */
      const parkingMs = (waveCount / perSecond) * 1_500 + LEAD_MS;
      const due = Date.now() + parkingMs;
      await park('wave', waveCount, due);
      const many = await look();
      await receiver.ask({});
      const product = { client: stage.client, workflowType: 'executeRule', pids } as const;
      const ours = await wave(product, 'wave', due);

      const floorDue = Date.now() + parkingMs;
      await floor.ask({
        id: 'bare wave',
        steps: 1,
        notBefore: floorDue,
        times: waveCount,
        atOnce: STARTS_AT_ONCE,
      } satisfies FloorAsk);
      const bare = {
        client: stage.floorClient,
        workflowType: 'floor',
        pids: { ...pids, Node: floor.pid },
      } as const;
      const theirs = await wave(bare, 'bare wave', floorDue);

      /** From the moment when all are due. */
      async function wave(side: Omit<Side, 'start'>, id: string, at: number) {
        const leadMs = at - Date.now();
        if (leadMs < 0) throw new Error(`the wave was due ${-leadMs} ms before all of it waited`);
        await delay(leadMs);
        const dueAt = clockMs();
        const load = await measured(side, waveCount, () => arrivals.of(id, waveCount));
        const times = await arrivals.of(id, waveCount);
        return { load, lateness: times.map((each) => (each - dueAt) / 1_000) };
      }
      const looks = (what: string, unit: string, of: (each: typeof few) => number): Comparison => ({
        what,
        unit,
        ours: [of(many)],
        theirs: [of(few)],
      });
      const lateness = (what: string, of: (times: number[]) => number): Comparison => ({
        what: `how late: ${what}`,
        unit: 's',
        ours: [of(ours.lateness)],
        theirs: [of(theirs.lateness)],
      });
      return [
        {
          title: `${total.toLocaleString('en')} executions that wait`,
          sides: ['so many', `${FEW}`],
          comparisons: [
            ...Object.keys(pids).map((name) =>
              looks(`memory, ${name}`, 'MB', ({ memory }) => memory.get(name) ?? NaN),
            ),
            ...Object.keys(PAGES).map((name) =>
              looks(`${name}, median`, 'ms', ({ pages }) => median(pages.get(name) ?? [])),
            ),
          ],
          notes: [`They came to wait at ${perSecond.toFixed(1)} in a second.`],
        },
        {
          title: `${waveCount.toLocaleString('en')} retries due at once, beside those that wait`,
          sides: ['product', 'bare workflow that sleeps'],
          comparisons: [
            ...loadComparisons('wave', [[ours.load], [theirs.load]]),
            lateness('median', median),
            lateness('p99', (times) => percentile(times, 0.99)),
          ],
        },
      ];
    }),
};

/** Milliseconds. */
async function timesOf(service: Service, path: string): Promise<number[]> {
  const times: number[] = [];
  for (let nth = 0; nth < LOOKS; nth += 1) {
    const began = clockMs();
    await service.request('GET', path);
    times.push(clockMs() - began);
  }
  return times;
}
