/**
 * From how many matches on an event is better left to a dispatcher: how long its sender waits for the answer when its
 * executions are started before it, and when a dispatcher is; and how long until the last execution is there, either way.
 * One run on one embedded server with a SQLite file and a worker, as the service has them. `npm run bench:fan-out`.
 */
import { join } from 'node:path';
import { noOperations } from './no-operations';
import { createActivities } from '../src/activities/index';
import { executionIdOf } from '../src/client/execution-id';
import { readConfig } from '../src/config';
import { createEgress } from '../src/delivery/egress';
import { ALL_OF_IT, Room } from '../src/delivery/room/room';
import { createWebhookSender } from '../src/delivery/send';
import { EventStarter } from '../src/ingest/event-starter';
import { eventSchema } from '../src/rules/event';
import { validateRulebookDocument } from '../src/rules/rulebook-document';
import type { EventMatch, Store } from '../src/store/store';
import { WORKER_SLOTS } from '../src/shared/limits';
import { installRuntime } from '../src/temporal/runtime';
import { createWorker } from '../src/worker/create-worker';
import { openServerAndStore } from './server-and-store';

const WORKSPACE = 'default';
const COUNTS = [1, 2, 5, 10, 20, 50, 200];
const RUNS = 7;

function ruleDocument(nth: number) {
  return {
    id: `rule-${nth}`,
    name: `Rule ${nth}`,
    owner: { email: 'ada@example.com' },
    filters: { changes: { value: 'grade_drop' }, scorecards: { value: 'followed' } },
    // Refused at once, and then waits: what is measured is the start.
    steps: [{ action: 'call_webhook', url: 'http://127.0.0.1:9/' }],
    retry_schedule: ['30d'],
  };
}

async function registered(store: Store, id: string, count: number) {
  const event = eventSchema.parse({
    id,
    type: 'scorecard.changed',
    scorecard_id: 's-1',
    domain: 'example.com',
    previous: { score: 95 },
    current: { score: 55 },
  });
  const matches = Array.from({ length: count }, (_, nth): EventMatch => {
    const ruleId = `rule-${nth}`;
    const trigger = { type: 'grade_drop' };
    const executionId = executionIdOf(WORKSPACE, ruleId, id);
    return { ruleId, ruleVersion: 1, executionId, reason: 'grade fell', trigger };
  });
  return (await store.events.register(WORKSPACE, { id, hash: id, event }, matches)).stored;
}

function median(times: number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
}

async function main(): Promise<void> {
  installRuntime('ERROR');
  const { connection, dataConverter, client, store, close } = await openServerAndStore('fan-out');
  const document = { rules: Array.from({ length: Math.max(...COUNTS) }, (_, nth) => ruleDocument(nth)) };
  await store.apply({ workspace: WORKSPACE, actor: 'bench' }, validateRulebookDocument(document).document, {
    dryRun: false,
  });
  const direct = new EventStarter(client, store, Infinity);
  const dispatched = new EventStarter(client, store, 0);
  const sender = createWebhookSender({ egress: createEgress(readConfig({}, {}).egress), userAgent: 'bench' });
  const worker = await createWorker({
    connection,
    namespace: 'default',
    dataConverter,
    activities: createActivities({
      ...noOperations,
      rulebook: store.rulebook,
      callSettings: store.callSettings,
      room: new Room({
        maxConcurrent: 20,
        slots: WORKER_SLOTS,
        shares: ALL_OF_IT,
        now: () => performance.now(),
      }),
      destinations: store.destinations,
      startBatch: (batch) => dispatched.startBatch(batch),
      sender,
      mail: { send: () => Promise.reject(new Error('no mail here')) },
      mailFrom: 'bench@example.com',
      ruleGoneGraceMs: 0,
    }),
    workflowBundle: join(__dirname, '../dist/workflow-bundle.js'),
  });
  const running = worker.run();

  const countExecutions = async (id: string) =>
    (await client.workflow.count(`WorkflowType = 'executeRule' AND RuleEventId = '${id}'`)).count;
  /** @returns until the answer, and until the last execution is there. Milliseconds */
  const measure = async (starter: EventStarter, id: string, count: number) => {
    const stored = await registered(store, id, count);
    const began = performance.now();
    await starter.start(WORKSPACE, stored);
    const answered = performance.now() - began;
    while ((await countExecutions(id)) < count) await new Promise((resolve) => setTimeout(resolve, 5));
    return { answered, there: performance.now() - began };
  };

  const say = (line: string) => process.stdout.write(`${line}\n`);
  say(
    'matches | answer, direct | answer, dispatcher | ratio | all there, direct | all there, dispatcher | ratio',
  );
  for (const count of COUNTS) {
    const figures: {
      direct: { answered: number; there: number }[];
      dispatched: { answered: number; there: number }[];
    } = {
      direct: [],
      dispatched: [],
    };
    for (let run = 0; run < (count > 50 ? 3 : RUNS); run += 1) {
      figures.direct.push(await measure(direct, `direct-${count}-${run}`, count));
      figures.dispatched.push(await measure(dispatched, `dispatched-${count}-${run}`, count));
    }
    const of = (kind: 'direct' | 'dispatched', what: 'answered' | 'there') =>
      median(figures[kind].map((each) => each[what]));
    const row = (what: 'answered' | 'there') => {
      const [a, b] = [of('direct', what), of('dispatched', what)];
      return `${a.toFixed(0)} ms | ${b.toFixed(0)} ms | ${(a / b).toFixed(2)}`;
    };
    say(`${count} | ${row('answered')} | ${row('there')}`);
  }

  worker.shutdown();
  await running;
  await sender.close();
  await close();
}

void main();
