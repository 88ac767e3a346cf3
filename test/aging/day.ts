import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { keepEventsFor } from '../../src/service/event-retention';
import { ApiCaller } from '../support/api-caller';
import type { Sample } from './growth';
import { heldBy } from './held';
import { keepExecutionsFor } from './short-retention';
import type { Subject, SubjectSettings } from './subject';
import { agingRules, AgingReceiver, lookAround, postEvent } from './traffic';

const MS_PER_DAY = 86_400_000;

/** Samples of a run, however long it is. */
const SAMPLES = 60;

/** Records and ended executions are kept for a quarter of the run, as for 6 hours of the day. */
const KEPT_SHARE = 0.25;

/** Between two looks of people. Milliseconds. */
const LOOK_MS = 5_000;

/** How long what is under way may take once the traffic is over, and after that until idle connections are closed. Milliseconds. */
const END_MS = 180_000;
const IDLE_MS = 65_000;

const SETTINGS = {
  ALLOWED_NETWORKS: '127.0.0.0/8',
  LOG_LEVEL: 'error',
  // Else endpoints that are down on purpose hold the rest.
  BREAKER_FAILURES: '0',
  DISABLE_AFTER_DAYS: '0',
  DESTINATION_MAX_CONCURRENT: '200',
  ESCALATION_DIGEST: '10s',
};

/** A shortened day. */
export interface DaySettings {
  start: (settings: SubjectSettings) => Promise<Subject>;
  events: number;
  /** How long the traffic lasts. Milliseconds. */
  ms: number;
  /** What the service is made to leak: `rows` are those that are not deleted any more. */
  leak: string | undefined;
}

/** What came of it. */
export interface Day {
  events: number;
  ms: number;
  calls: number;
  /** What was not answered as it should, or not done. */
  errors: string[];
  /** Executions that were still under way in the end: the rate was too high for this machine. */
  open: number;
  before: Sample;
  samples: Sample[];
  /** Once all is over and idle connections are closed. */
  after: Sample;
}

/** Lets a service live through a day of traffic, and samples what it holds. */
export async function liveThrough({ start, events, ms, leak }: DaySettings): Promise<Day> {
  const folder = mkdtempSync(join(tmpdir(), 'rule-webhooks-aging-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const receiver = await AgingReceiver.start();
  const nodeOptions = ['--expose-gc', '--require', join(__dirname, 'probe.cjs')];
  const subject = await start({ folder, variables: SETTINGS, nodeOptions });
  const connection = await Connection.connect({ address: subject.temporal });
  const temporal = new Client({ connection });
  const keptMs = Math.round((KEPT_SHARE * ms) / 1_000) * 1_000;
  await keepExecutionsFor(keptMs, temporal);
  const { service, store } = subject;
  const api = new ApiCaller(service.url, service.key);
  const applied = await api.call('PUT', '/v1/rules', agingRules(receiver.port));
  if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));

  const samples: Sample[] = [];
  const begun = performance.now();
  const sample = async (): Promise<Sample> => ({
    at: performance.now() - begun,
    figures: await heldBy(subject, temporal),
  });
  const before = await sample();
  const until = begun + ms;
  if (leak !== undefined && leak !== 'rows') service.child.send({ leak, port: receiver.port });
  const errors: string[] = [];
  const failed = (error: unknown) => void errors.push(String(error));
  await Promise.all([
    traffic(api, { events, ms, failed }),
    every(LOOK_MS, until, () => lookAround(api)),
    every(ms / SAMPLES, until, async () => {
      samples.push(await sample());
    }),
    // What the service does each hour, with a day that is as long as the run.
    every(ms / 24, until, async () => {
      if (leak !== 'rows') keepEventsFor(keptMs / MS_PER_DAY, store, failed)();
    }),
  ]);
  const open = await openAtLast(api);
  await delay(IDLE_MS);
  const after = await sample();
  await connection.close();
  await subject.close();
  await receiver.close();
  return { events, ms, calls: receiver.calls, errors, open, before, samples, after };
}

/** Does something again and again until a time; one after the other, and never more often than this. */
async function every(ms: number, until: number, act: () => Promise<void>): Promise<void> {
  while (performance.now() < until) {
    const next = performance.now() + ms;
    await act();
    await delay(Math.max(0, Math.min(next, until) - performance.now()));
  }
}

/** Posts events at a steady rate, whatever the answers take. */
async function traffic(
  api: ApiCaller,
  { events, ms, failed }: { events: number; ms: number; failed: (error: unknown) => void },
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const begun = performance.now();
  for (let n = 0; n < events; n += 1) {
    await delay(Math.max(0, begun + (n * ms) / events - performance.now()));
    const posted = postEvent(api, n)
      .catch(failed)
      .finally(() => underWay.delete(posted));
    underWay.add(posted);
  }
  await Promise.all(underWay);
}

/** Waits until nothing is under way. @returns how many executions are, when that takes too long */
async function openAtLast(api: ApiCaller): Promise<number> {
  const until = performance.now() + END_MS;
  for (;;) {
    const { body } = await api.get<{ items: unknown[] }>('/v1/executions?status=running&limit=200');
    if (body.items.length === 0 || performance.now() > until) return body.items.length;
    await delay(1_000);
  }
}
