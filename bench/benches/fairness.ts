import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { StagedBench } from '../bench';
import { percentile, type Table } from '../comparison';
import { startProductWorker } from '../support/product-worker';
import { withParts } from '../support/with-parts';
import { startExecution } from '../../src/client/start-execution';
import { validateRulebookDocument } from '../../src/rules/rulebook-document';
import { DEFAULT_WORKSPACE, workflowIdOf } from '../../src/shared/ids';
import { mapBounded } from '../../src/shared/map-bounded';
import { openStore } from '../../src/store/open-store';

const QUICK_DESTINATIONS = 50;
const QUEUED = 2_000;
/** Below the 5 s at which a call is given up, so that each is a success. */
const SLOW_MS = 4_900;
/** Of all quick destinations together. */
const TRICKLE_MS = 200;
const MEASURED_MS = 120_000;
/** Starts of slow executions under way at once. */
const AT_ONCE = 10;

/**
 * Whether one slow receiver delays others: 50 quick destinations get an event now and then, first alone, and then beside a
 * destination that takes 5 s for each call and has 2,000 executions queued.
 */
export const fairness: StagedBench = {
  about:
    'how long quick destinations wait for their calls beside 2,000 queued executions of a slow one, against them alone',
  runOn: (stage, { isQuick }) =>
    withParts(async (keep) => {
      const measuredMs = isQuick ? MEASURED_MS / 10 : MEASURED_MS;
      const queued = isQuick ? QUEUED / 10 : QUEUED;
      const receiver = await keep(startReceiver());
      const store = await openStore({ databaseUrl: stage.databaseUrl, dataFolder: stage.folder });
      await keep(Promise.resolve({ stop: () => store.close() }));
      const { urls, slowUrl, arrivals } = receiver;
      const rules = [slowUrl, ...urls].map((url, nth) => ({
        id: `rule-${nth}`,
        name: `Rule ${nth}`,
        owner: { email: 'ada@example.com' },
        filters: { changes: { value: 'grade_drop' }, scorecards: { value: 'followed' } },
        steps: [{ action: 'call_webhook', url }],
      }));
      const { document } = validateRulebookDocument({ rules });
      await store.apply({ workspace: DEFAULT_WORKSPACE, actor: 'bench' }, document, { dryRun: false });
      const { client, connection } = stage;
      let bounces = 0;
      await keep(
        startProductWorker({
          connection,
          store,
          wrap: ({ deliverWebhook, ...activities }) => ({
            ...activities,
            deliverWebhook: (input) =>
              deliverWebhook(input).catch((error: unknown) => {
                bounces += 1;
                throw error;
              }),
          }),
        }),
      );

      const start = (nth: number, url: string, executionId: string) =>
        startExecution(client, {
          executionId,
          workspace: DEFAULT_WORKSPACE,
          rule: { id: `rule-${nth}`, version: '1', name: `Rule ${nth}` },
          event: { id: executionId, type: 'grade_drop' },
          message: { trigger: { type: 'grade_drop' } },
          steps: [{ id: 'step-1', target: url }],
          retryDelaysMs: [],
        });
      /** Of the quick ones, each from its start to its receiver. Milliseconds. */
      const trickle = async (durationMs: number) => {
        const times: number[] = [];
        const all: Promise<unknown>[] = [];
        const end = performance.now() + durationMs;
        for (let nth = 0; performance.now() < end; nth += 1) {
          const executionId = randomUUID();
          const began = performance.now();
          const arrived = new Promise<void>((resolve) => arrivals.set(executionId, resolve));
          const place = nth % QUICK_DESTINATIONS;
          all.push(
            start(place + 1, urls[place] ?? '', executionId),
            arrived.then(() => times.push(performance.now() - began)),
          );
          await delay(TRICKLE_MS);
        }
        await Promise.all(all);
        arrivals.clear();
        return times;
      };

      await trickle(measuredMs / 6);
      const alone = await trickle(measuredMs / 2);
      const slow = Array.from({ length: queued }, () => randomUUID());
      const flood = mapBounded(slow, AT_ONCE, (executionId) => start(0, slowUrl, executionId));
      const meanwhile = await trickle(measuredMs / 4);
      await flood;
      const before = { bounces, slowDone: receiver.slow.done, at: performance.now() };
      const beside = await trickle(measuredMs);
      const seconds = (performance.now() - before.at) / 1_000;
      const done = { slow: receiver.slow.done - before.slowDone, bounces: bounces - before.bounces };

      // Alone once more: what else the machine does may have changed meanwhile.
      await mapBounded(slow, AT_ONCE, (executionId) =>
        client.workflow
          .getHandle(workflowIdOf(executionId))
          .terminate()
          .catch(() => undefined),
      );
      alone.push(...(await trickle(measuredMs / 2)));

      const table = (title: string, times: number[], notes: string[] = []): Table => ({
        title,
        sides: ['beside a slow one', 'alone'],
        comparisons: [0.5, 0.9, 0.99].map((part) => ({
          what: `p${part * 100}`,
          unit: 'ms',
          ours: [percentile(times, part)],
          theirs: [percentile(alone, part)],
        })),
        notes,
      });
      return [
        table(`While ${queued} slow executions are started`, meanwhile),
        table(`Beside ${queued} slow executions that wait`, beside, [
          `Slow calls: ${receiver.slow.most} at once at most, ${(done.slow / seconds).toFixed(2)} done in a second; ` +
            `sent back to wait ${(done.bounces / seconds).toFixed(2)} times in a second.`,
        ]),
      ];
    }),
};

/** A receiver of which one path is slow. The others tell when the call of an execution is there. */
async function startReceiver() {
  const arrivals = new Map<string, () => void>();
  const slow = { underWay: 0, most: 0, done: 0 };
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (request.url !== '/slow') {
        arrivals.get((JSON.parse(text) as { execution_id: string }).execution_id)?.();
        response.end('{}');
        return;
      }
      slow.most = Math.max(slow.most, (slow.underWay += 1));
      // Also when its caller has given up.
      response.once('close', () => (slow.underWay -= 1));
      setTimeout(() => {
        slow.done += 1;
        response.end('{}');
      }, SLOW_MS);
    });
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    arrivals,
    slow,
    /** Each an origin of its own. */
    urls: Array.from({ length: QUICK_DESTINATIONS }, (_, nth) => `http://127.0.1.${nth + 1}:${port}/quick`),
    slowUrl: `http://127.0.0.1:${port}/slow`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
