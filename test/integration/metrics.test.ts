import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Canaries } from '../support/canaries';
import { sampleEvent } from '../support/events';
import { until } from '../support/executions';
import { answerBytes, Receiver } from '../support/receiver';
import { ruleDocument, rulebookDocument } from '../support/rules-file';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

const canaries = new Canaries();
let up: Receiver;
let down: Receiver;
let service: ServiceProcess;
let address: string;
/** What was scraped when all had been done. */
let scraped: string;

/** Of one series; undefined when there is none. */
function value(series: string): number | undefined {
  const line = scraped.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

async function scrape(): Promise<string> {
  return (await fetch(address)).text();
}

/** One event, of which one execution is delivered, one fails and is escalated, and one is held. */
async function work(): Promise<void> {
  const secret = encodeURIComponent(canaries.plant('a URL'));
  const rules = rulebookDocument(
    { id: 'w-well', urls: [`${up.url}/hook/${secret}`] },
    { id: 'w-down', urls: [`${down.url}/hook/${secret}`], retry_schedule: ['1s'] },
  );
  const pausedAt = new Date().toISOString();
  const held = { ...ruleDocument({ id: 'w-held', urls: [`${up.url}/hook`] }), paused_at: pausedAt };
  await service.call('PUT', '/v1/rules', { ...rules, rules: [...rules.rules, held] });
  const id = canaries.plant('an event');
  expect((await service.event(sampleEvent({ id }))).status).toBe(202);
  await service.event(sampleEvent({ id }));
  await service.event(sampleEvent({ id, domain: 'example.org' }));
  await service.get(`/v1/nothing/${secret}`);
}

beforeAll(async () => {
  up = await Receiver.start();
  down = await Receiver.start(answerBytes('', {}, 503));
  for (const { url } of [up, down]) canaries.watch('a receiver', new URL(url).host);
  service = await ServiceProcess.start(temporaryFolder(), { METRICS_PORT: '0' });
  canaries.watch('an API key', service.key);
  [, address = ''] = await service.program.printed(/Metrics: (\S+)/);
  await work();
  await until(async () => {
    const { body } = await service.get<{ items: { status: string }[] }>('/v1/executions');
    const statuses = body.items.map(({ status }) => status).sort();
    return statuses.join() === 'delivered,escalated,held' ? true : undefined;
  });
  scraped = await scrape();
});
afterAll(async () => {
  await service.kill('SIGTERM');
  await Promise.all([up.close(), down.close()]);
});

it.each([
  ['events_total{outcome="accepted"}', 1],
  ['events_total{outcome="duplicate"}', 1],
  ['events_total{outcome="rejected"}', 1],
  ['events_pending', 0],
  ['executions_started_total', 3],
  ['attempts_total{outcome="delivered",status_class="2xx"}', 1],
  ['attempts_total{outcome="failed",status_class="5xx"}', 2],
  ['attempt_duration_seconds_count{outcome="delivered"}', 1],
  ['attempt_duration_seconds_count{outcome="failed"}', 2],
  ['schedule_lag_seconds_count', 3],
  ['schedule_lag_seconds_bucket{le="60"}', 3],
  ['held_total{reason="rule_paused"}', 1],
  ['mails_total{kind="escalation",outcome="sent"}', 1],
  ['executions{status="delivered"}', 1],
  ['executions{status="escalated"}', 1],
  ['executions{status="held"}', 1],
  ['calls_under_way', 0],
  ['calls_waiting_for_room', 0],
  ['destinations{standing="healthy"}', 1],
  ['destinations{standing="failing"}', 1],
  ['http_requests_total{method="POST",route="/v1/events",status_class="2xx"}', 2],
  ['http_requests_total{method="POST",route="/v1/events",status_class="4xx"}', 1],
  ['http_requests_total{method="GET",route="none",status_class="4xx"}', 1],
  ['http_request_duration_seconds_count{method="POST",route="/v1/events"}', 3],
  ['scrape_errors_total{source="temporal"}', 0],
  ['scrape_errors_total{source="sdk"}', 0],
])('after an event with three executions, %s is %i', (series, expected) => {
  expect(value(`rule_webhooks_${series}`)).toBe(expected);
});

it.each([
  ['the worker', /^temporal_worker_task_slots_available\{.*worker_type="ActivityWorker"/m],
  ['requests in seconds', /^temporal_request_latency_seconds_bucket\{/m],
  ['requests', /^temporal_request_total\{/m],
])("a scrape has the SDK's own figures of %s", (_of, series) => {
  expect(scraped).toMatch(series);
});

it('a scrape has those of the process', () => {
  expect(scraped).toMatch(/^process_resident_memory_bytes \d+$/m);
});

it('no name comes twice in a scrape', () => {
  const names = [...scraped.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  expect(names).toEqual([...new Set(names)]);
});

it('no secret, URL, event, workspace or rule is in a scrape', () => {
  expect(canaries.in(scraped)).toEqual([]);
  expect(scraped).not.toMatch(/w-(well|down|held)|example\.com/);
});

it('without METRICS_PORT nothing listens, and their library is not loaded', async () => {
  const part = join(__dirname, '../../dist/service/metrics-part.js');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--eval',
    `require(${JSON.stringify(part)}).startMetricsPart({}, () => undefined).then(({ about }) => {
      const loaded = Object.keys(require.cache).filter((file) => file.includes('prom-client'));
      const listening = process.getActiveResourcesInfo().filter((kind) => kind.includes('Server'));
      console.log(JSON.stringify([about, loaded, listening]));
      process.exit();
    });`,
  ]);
  expect(JSON.parse(stdout)).toEqual([[], [], []]);
});
