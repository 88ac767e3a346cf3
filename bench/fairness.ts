/**
 * Whether one slow receiver delays others: 50 quick destinations get an event now and then, first alone, and then beside
 * a destination that takes 5 s for each call and has 2,000 executions queued. How long from the start of a quick
 * execution until its receiver has the call, as a ratio within one run on one embedded server with a SQLite file and a
 * worker, as the service has them. `npm run bench:fairness`; `-- --concurrent=50` for another limit.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { noOperations } from './no-operations';
import { createActivities } from '../src/activities/index';
import { startExecution } from '../src/client/start-execution';
import { readConfig } from '../src/config';
import { createEgress } from '../src/delivery/egress';
import { ALL_OF_IT, Room } from '../src/delivery/room/room';
import { createWebhookSender } from '../src/delivery/send';
import { validateRulebookDocument } from '../src/rules/rulebook-document';
import { DEFAULT_WORKSPACE, workflowIdOf } from '../src/shared/ids';
import { WORKER_SLOTS } from '../src/shared/limits';
import { installRuntime } from '../src/temporal/runtime';
import { createWorker } from '../src/worker/create-worker';
import { openServerAndStore } from './server-and-store';

const QUICK = 50;
const QUEUED = 2_000;
/** Below the 5 s at which a call is given up, so that each is a success. */
const SLOW_MS = 4_900;
/** Of all quick destinations together. */
const TRICKLE_MS = 200;
const MEASURED_MS = 120_000;
/** Starts of slow executions under way at once. */
const AT_ONCE = 10;
const MAX_CONCURRENT = Number(process.argv.find((each) => each.startsWith('--concurrent='))?.slice(13) ?? 20);

const say = (line: string) => process.stdout.write(`${line}\n`);

function percentile(times: number[], part: number): number {
  return [...times].sort((a, b) => a - b)[Math.ceil(times.length * part) - 1] ?? NaN;
}

async function main(): Promise<void> {
  installRuntime('ERROR');
  /** Until its receiver has the call of an execution. */
  const arrivals = new Map<string, () => void>();
  let slowUnderWay = 0;
  let slowMost = 0;
  let slowDone = 0;
  const receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (request.url === '/slow') {
        slowMost = Math.max(slowMost, (slowUnderWay += 1));
        // Also when its caller has given up.
        response.once('close', () => (slowUnderWay -= 1));
        setTimeout(() => {
          slowDone += 1;
          response.end('{}');
        }, SLOW_MS);
        return;
      }
      arrivals.get((JSON.parse(text) as { execution_id: string }).execution_id)?.();
      response.end('{}');
    });
  });
  receiver.listen(0, '0.0.0.0');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  /** Each an origin of its own. */
  const urls = Array.from({ length: QUICK }, (_, nth) => `http://127.0.1.${nth + 1}:${port}/quick`);
  const slowUrl = `http://127.0.0.1:${port}/slow`;

  const { connection, dataConverter, client, store, close } = await openServerAndStore('fairness');
  const rules = [slowUrl, ...urls].map((url, nth) => ({
    id: `rule-${nth}`,
    name: `Rule ${nth}`,
    owner: { email: 'ada@example.com' },
    filters: { changes: { value: 'grade_drop' }, scorecards: { value: 'followed' } },
    steps: [{ action: 'call_webhook', url }],
  }));
  await store.apply(
    { workspace: DEFAULT_WORKSPACE, actor: 'bench' },
    validateRulebookDocument({ rules }).document,
    { dryRun: false },
  );
  const room = new Room({
    maxConcurrent: MAX_CONCURRENT,
    slots: WORKER_SLOTS,
    shares: ALL_OF_IT,
    now: () => performance.now(),
  });
  let bounces = 0;
  const sender = createWebhookSender({
    egress: createEgress(readConfig({ ALLOWED_NETWORKS: '127.0.0.0/8' }, {}).egress),
    userAgent: 'bench',
  });
  const activities = createActivities({
    ...noOperations,
    rulebook: store.rulebook,
    callSettings: store.callSettings,
    room,
    destinations: store.destinations,
    startBatch: async () => undefined,
    sender,
    mail: { send: () => Promise.reject(new Error('no mail here')) },
    mailFrom: 'bench@example.com',
    ruleGoneGraceMs: 0,
  });
  const worker = await createWorker({
    connection,
    namespace: 'default',
    dataConverter,
    activities: {
      ...activities,
      deliverWebhook: (input) =>
        activities.deliverWebhook(input).catch((error: unknown) => {
          bounces += 1;
          throw error;
        }),
    },
    workflowBundle: join(__dirname, '../dist/workflow-bundle.js'),
  });
  const running = worker.run();

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
      const place = nth % QUICK;
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
  const row = (name: string, times: number[], alone: number[]) => {
    const figures = [0.5, 0.9, 0.99].map((part) => {
      const [here, there] = [percentile(times, part), percentile(alone, part)];
      return `${here.toFixed(0)} ms (${(here / there).toFixed(2)})`;
    });
    say(`${name} | ${figures.join(' | ')}`);
  };

  await trickle(MEASURED_MS / 6);
  const alone = await trickle(MEASURED_MS / 2);

  const slow = Array.from({ length: QUEUED }, () => randomUUID());
  /** A few at once. */
  const forAllSlow = async (what: (executionId: string) => Promise<unknown>) => {
    const left = [...slow];
    const some = async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) await what(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, some));
  };
  const flood = forAllSlow((executionId) => start(0, slowUrl, executionId));
  const meanwhile = await trickle(MEASURED_MS / 4);
  await flood;
  const before = { bounces, slowDone, at: performance.now() };
  const beside = await trickle(MEASURED_MS);
  const seconds = (performance.now() - before.at) / 1_000;
  const done = { slow: slowDone - before.slowDone, bounces: bounces - before.bounces };

  // Alone once more: what else the machine does may have changed meanwhile.
  await forAllSlow((executionId) =>
    client.workflow
      .getHandle(workflowIdOf(executionId))
      .terminate()
      .catch(() => undefined),
  );
  alone.push(...(await trickle(MEASURED_MS / 2)));

  say('quick destinations (ratio to alone) | median | p90 | p99');
  row('alone, before and after', alone, alone);
  row(`while ${QUEUED} slow ones are started`, meanwhile, alone);
  row(`beside ${QUEUED} slow ones that wait`, beside, alone);
  say(
    `slow calls: ${slowMost} at once at most, ${(done.slow / seconds).toFixed(2)} done in a second; ` +
      `sent back to wait ${(done.bounces / seconds).toFixed(2)} times in a second`,
  );

  worker.shutdown();
  await running;
  await sender.close();
  await close();
  receiver.closeAllConnections();
  receiver.close();
}

void main();
