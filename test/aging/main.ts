/**
 * `npm run test:aging -- [--server embedded|postgres] [--minutes N] [--events N] [--leak memory|timers|sockets|rows]
 * [--out FILE]`: a service with shortened schedules under the traffic of a day, and whether what it holds stays the same. Ends with 1 when something grows.
 * docs/aging-and-fuzzing.md has more.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { keepEventsFor } from '../../src/service/event-retention';
import { ApiCaller } from '../support/api-caller';
import { growthOf, type Growth, type Sample, type Tolerance } from './growth';
import { heldBy } from './held';
import { keepExecutionsFor } from './short-retention';
import type { Subject, SubjectSettings } from './subject';
import { embedded } from './subjects/embedded';
import { postgres } from './subjects/postgres';
import { agingRules, AgingReceiver, lookAround, postEvent } from './traffic';

const MB = 1_048_576;
const MS_PER_DAY = 86_400_000;

/** Samples of a run, however long it is. */
const SAMPLES = 60;

/** On which servers, as the benchmarks have them. */
const SUBJECTS: Record<string, (settings: SubjectSettings) => Promise<Subject>> = { embedded, postgres };

/** Records and ended executions are kept for a quarter of the run, as for 6 hours of the day. */
const KEPT_SHARE = 0.25;

/** Between two looks of people. Milliseconds. */
const LOOK_MS = 5_000;

/** How long what is under way may take once the traffic is over, and after that until idle connections are closed. Milliseconds. */
const END_MS = 180_000;
const IDLE_MS = 65_000;

/** What figures vary by without a leak: pools of connections, the heap's own room, pages of a database. */
const TOLERANCES: Record<string, Tolerance> = {
  heap: { share: 0.1, absolute: 6 * MB },
  external: { share: 0.15, absolute: 4 * MB },
  rss: { share: 0.1, absolute: 40 * MB },
  timers: { share: 0.2, absolute: 15 },
  // A pool of connections has as many as there were calls at once a moment ago.
  sockets: { share: 0.3, absolute: 25 },
  files: { share: 0.2, absolute: 8 },
  rows: { share: 0.15, absolute: 200 },
  store: { share: 0.15, absolute: 2 * MB },
  executions: { share: 0.15, absolute: 100 },
  // Rows that are deleted leave room that is used again, but not at once.
  temporal: { share: 0.15, absolute: 8 * MB },
};

const SETTINGS = {
  ALLOWED_NETWORKS: '127.0.0.0/8',
  LOG_LEVEL: 'error',
  // Else endpoints that are down on purpose hold the rest.
  BREAKER_FAILURES: '0',
  DISABLE_AFTER_DAYS: '0',
  DESTINATION_MAX_CONCURRENT: '200',
  ESCALATION_DIGEST: '10s',
};

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Does something again and again until a time; one after the other, and never more often than this. */
async function every(ms: number, until: number, act: (nth: number) => Promise<void>): Promise<void> {
  for (let nth = 0; performance.now() < until; nth += 1) {
    const next = performance.now() + ms;
    await act(nth);
    await delay(Math.max(0, Math.min(next, until) - performance.now()));
  }
}

/** Posts events at a steady rate, whatever the answers take. @returns how many were posted, and errors */
async function traffic(
  api: ApiCaller,
  events: number,
  ms: number,
): Promise<{ posted: number; errors: string[] }> {
  const errors: string[] = [];
  const underWay = new Set<Promise<void>>();
  const begun = performance.now();
  for (let n = 0; n < events; n += 1) {
    await delay(Math.max(0, begun + (n * ms) / events - performance.now()));
    const posted = postEvent(api, n)
      .catch((error: unknown) => void errors.push(String(error)))
      .finally(() => underWay.delete(posted));
    underWay.add(posted);
  }
  await Promise.all(underWay);
  return { posted: events, errors };
}

/** Waits until nothing is under way. @returns how many executions are, when that takes too long: the rate was too high for this machine */
async function openAtLast(api: ApiCaller): Promise<number> {
  const until = performance.now() + END_MS;
  for (;;) {
    const { body } = await api.get<{ items: unknown[] }>('/v1/executions?status=running&limit=200');
    if (body.items.length === 0 || performance.now() > until) return body.items.length;
    await delay(1_000);
  }
}

function shown(figure: string, value: number): string {
  const isBytes = ['heap', 'external', 'rss', 'store', 'temporal'].includes(figure);
  return isBytes ? `${(value / MB).toFixed(1)} MB` : value.toFixed(0);
}

function printGrowth({ figure, level, growth, allowed, isLeak }: Growth): void {
  const columns = [figure.padEnd(9), shown(figure, level), shown(figure, growth), shown(figure, allowed)];
  print(`${columns.map((column) => column.padStart(11)).join(' ')}  ${isLeak ? 'GROWS' : 'flat'}`);
}

/** What is still open once nothing is under way any more. @returns what is wrong */
function leftOver(before: Sample, after: Sample): string[] {
  return ['timers', 'sockets', 'files'].flatMap((figure) => {
    const [first = 0, last = NaN] = [before.figures[figure], after.figures[figure]];
    const { absolute = 0 } = TOLERANCES[figure] ?? {};
    return last - first <= absolute ? [] : [`${figure}: ${first} before the traffic, ${last} after it`];
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      server: { type: 'string', default: 'embedded' },
      minutes: { type: 'string', default: '10' },
      events: { type: 'string' },
      leak: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const ms = Number(values.minutes) * 60_000;
  const events = Number(values.events ?? Math.round(ms / 1_000) * 12);
  const start = SUBJECTS[values.server];
  if (start === undefined) throw new Error(`--server is one of ${Object.keys(SUBJECTS).join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'rule-webhooks-aging-'));
  const receiver = await AgingReceiver.start();
  const nodeOptions = ['--expose-gc', '--require', join(__dirname, 'probe.cjs')];
  const keptMs = Math.round((KEPT_SHARE * ms) / 1_000) * 1_000;
  const subject = await start({ folder, variables: SETTINGS, nodeOptions });
  const connection = await Connection.connect({ address: subject.temporal });
  const temporal = new Client({ connection });
  const { service, store } = subject;
  try {
    await keepExecutionsFor(keptMs, temporal);
    const api = new ApiCaller(service.url, service.key);
    const applied = await api.call('PUT', '/v1/rules', agingRules(receiver.port));
    if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
    print(
      `${events} events within ${values.minutes} min: a day of one each ${(MS_PER_DAY / 1_000 / events).toFixed(1)} s`,
    );

    const samples: Sample[] = [];
    const begun = performance.now();
    const sample = async (): Promise<Sample> => ({
      at: performance.now() - begun,
      figures: await heldBy(subject, temporal),
    });
    const before = await sample();
    const until = begun + ms;
    if (values.leak !== undefined && values.leak !== 'rows') {
      service.child.send({ leak: values.leak, port: receiver.port });
    }
    const [{ errors }] = await Promise.all([
      traffic(api, events, ms),
      every(LOOK_MS, until, () => lookAround(api)),
      every(ms / SAMPLES, until, async () => {
        samples.push(await sample());
      }),
      // What the service does each hour, with a day that is as long as the run.
      every(ms / 24, until, async () => {
        if (values.leak !== 'rows') keepEventsFor(keptMs / MS_PER_DAY, store, print)();
      }),
    ]);
    const open = await openAtLast(api);
    await delay(IDLE_MS);
    const after = await sample();
    const run = { events, ms, calls: receiver.calls, open, before, samples, after };
    if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(run));

    print(
      `${receiver.calls} calls; ${errors.length} events were not answered as they should; ${open} executions are open`,
    );
    for (const error of errors.slice(0, 5)) print(`  ${error}`);
    print(['figure', 'level', 'growth', 'allowed'].map((title) => title.padStart(11)).join(' '));
    const growths = growthOf(samples, TOLERANCES);
    growths.forEach(printGrowth);
    const left = leftOver(before, after);
    left.forEach(print);
    process.exitCode =
      errors.length + open > 0 || left.length > 0 || growths.some(({ isLeak }) => isLeak) ? 1 : 0;
  } finally {
    await connection.close();
    await subject.close();
    await receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  // What was started before the failure ends with this process.
  process.exit(1);
});
