import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { Registry } from 'prom-client';
import { countAttempts } from '../../../src/observability/metrics/count-attempts';
import { createInstruments } from '../../../src/observability/metrics/instruments';
import { failureTypes } from '../../../src/shared/activity-failures';

const SCHEDULED = Date.UTC(2026, 10, 26, 12);
const at = (ms: number) => new Date(SCHEDULED + ms).toISOString();

/** What stands in the registry, but for zeros, after one activity. */
async function counted(
  activity: () => unknown,
  input: object = {},
  activityType = 'deliverWebhook',
): Promise<Record<string, number>> {
  const registry = new Registry();
  const context = { info: { activityType, scheduledTimestampMs: SCHEDULED } } as unknown as Context;
  const { inbound } = countAttempts(createInstruments(registry))(context);
  const run = inbound?.execute?.({ args: [input], headers: {} }, async () => activity());
  await run?.catch(() => undefined);
  const lines = (await registry.metrics()).split('\n').filter((line) => /^[^#].* (?!0$)/.test(line));
  const values = lines.map((line) => /^rule_webhooks_(.*) (\S+)$/.exec(line) ?? []);
  return Object.fromEntries(
    values
      .filter(([, name]) => name !== undefined && !name.includes('_bucket'))
      .map(([, name = '', value]) => [name, Number(value)]),
  );
}

const call = (ms: number) => ({ url: 'https://hooks.example.com', startedAt: at(ms), durationMs: 250 });
const delivered = (ms: number) => () => ({ ...call(ms), response: { status: 201, headers: {}, body: {} } });
const failing =
  (type: string, ...details: object[]) =>
  () => {
    throw ApplicationFailure.create({ type, message: 'no', details });
  };

it('a call that is delivered is an attempt with its time and its lateness', async () => {
  expect(await counted(delivered(40))).toEqual({
    'attempts_total{outcome="delivered",status_class="2xx"}': 1,
    'attempt_duration_seconds_sum{outcome="delivered"}': 0.25,
    'attempt_duration_seconds_count{outcome="delivered"}': 1,
    schedule_lag_seconds_sum: 0.04,
    schedule_lag_seconds_count: 1,
  });
});

it('a first attempt that fails at once is counted where its call was made', async () => {
  const failed = { ...call(40), error: '503 Service Unavailable', status: 503 };
  expect(await counted(() => ({ failed }), {}, 'deliverAtOnce')).toMatchObject({
    'attempts_total{outcome="failed",status_class="5xx"}': 1,
    schedule_lag_seconds_sum: 0.04,
  });
});

it('a first attempt that was made at once is not counted again when it is recorded', async () => {
  const made = { ...call(40), error: '503 Service Unavailable', status: 503 };
  expect(await counted(failing(failureTypes.attemptFailed, made), { made })).toEqual({});
});

it('a call after a wait is as late as its wait ended long ago', async () => {
  const figures = await counted(delivered(40), { dueAt: SCHEDULED - 1_960 });
  expect(figures).toMatchObject({ schedule_lag_seconds_sum: 2 });
});

it('a clock that goes before the server makes nothing early', async () => {
  expect(await counted(delivered(-40))).toMatchObject({ schedule_lag_seconds_count: 1 });
});

it.each([
  ['a status that is no success', { ...call(0), error: '404 Not Found', status: 404 }, '4xx'],
  ['no answer', { ...call(0), error: 'ECONNREFUSED' }, 'none'],
])('a call that ends in %s is a failed attempt', async (_end, attempt, status) => {
  expect(await counted(failing(failureTypes.attemptFailed, attempt))).toMatchObject({
    [`attempts_total{outcome="failed",status_class="${status}"}`]: 1,
    'attempt_duration_seconds_count{outcome="failed"}': 1,
  });
});

it('an attempt for which no call could be made takes no time', async () => {
  const attempt = { url: 'https://hooks.example.com', error: 'credential crm cannot be read' };
  expect(await counted(failing(failureTypes.attemptFailed, attempt))).toEqual({
    'attempts_total{outcome="failed",status_class="none"}': 1,
  });
});

it('a hold is no attempt', async () => {
  const hold = { reason: 'the rule is paused', because: 'rule_paused', origin: '', lookAgainMs: 1 };
  expect(await counted(failing(failureTypes.held, hold))).toEqual({
    'held_total{reason="rule_paused"}': 1,
  });
});

it.each([
  ['that finds no room', failing(failureTypes.noRoom)],
  ['that has a fault of ours', failing('StoreAway')],
  ['that is skipped', () => ({ skipped: 'the condition does not hold' })],
  ['that leaves the attempt to another one', () => ({ notNow: 'the rule is paused' })],
])('an activity %s counts nothing', async (_case, activity) => {
  expect(await counted(activity)).toEqual({});
});

it('an activity that makes no attempts counts nothing', async () => {
  expect(await counted(delivered(0), {}, 'escalate')).toEqual({});
});
