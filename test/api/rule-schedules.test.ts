import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createLocalEnvironment } from '../support/temporal';
import { ApiLab, type CheckedCaller } from './lab';

let environment: TestWorkflowEnvironment;
let lab: ApiLab;
let admin: CheckedCaller;
beforeAll(async () => {
  environment = await createLocalEnvironment();
  lab = await ApiLab.open(environment.nativeConnection);
  admin = await lab.workspace();
  const rule = {
    id: 'mondays',
    name: 'State of the scorecard',
    owner: { email: 'ada@example.com' },
    steps: [{ action: 'call_webhook', url: 'https://example.com/hook' }],
  };
  await admin.call('POST', '/v1/rules', { ...rule, schedule: { cron: '0 9 * * 1' } });
  await admin.call('POST', '/v1/rules', { ...rule, id: 'listener', event: { type: 'invoice.paid' } });
});
afterAll(async () => {
  await lab.close();
  await environment.teardown();
});

const backfill = (body: object) => admin.call('POST', '/v1/rules/mondays/schedule/backfill', body);

it('a rule with a schedule says when it runs next', async () => {
  const { body } = await admin.get('/v1/rules/mondays');
  expect(body['next_run_at']).toMatch(/T09:00:00.000Z$/);
});

it('a schedule is shown', async () => {
  const shown = await admin.get('/v1/rules/mondays/schedule');
  expect(shown).toMatchObject({
    status: 200,
    body: { cron: '0 9 * * 1', timezone: 'UTC', paused: false, last: [] },
  });
});

it.each(['listener', 'nobody'])('%s has none', async (id) => {
  expect(await admin.get(`/v1/rules/${id}/schedule`)).toMatchObject({ status: 404 });
});

it('a run that somebody asks for is in the audit log', async () => {
  expect(await admin.call('POST', '/v1/rules/mondays/schedule/trigger')).toMatchObject({ status: 202 });
  const { body } = await admin.get<{ items: { action: string }[] }>('/v1/audit?limit=1');
  expect(body.items[0]).toMatchObject({ action: 'rule.run' });
});

it.each([
  ['a time to come', { from: '2026-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }, 'must have passed'],
  ['no time', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'must be after from'],
  ['too many runs', { from: '1990-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'more than 1000 runs'],
])('a backfill of %s is refused', async (_case, range, message) => {
  expect(await backfill({ ...range, dry_run: true })).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'to', message: expect.stringContaining(message) as string }] },
  });
});

it('a dry run of a backfill counts, from its first time on and before its end', async () => {
  const range = { from: '2026-11-02T09:00:00Z', to: '2026-11-16T09:00:00Z' };
  expect(await backfill({ ...range, dry_run: true })).toMatchObject({
    status: 200,
    body: { count: 2, first: '2026-11-02T09:00:00.000Z', last: '2026-11-09T09:00:00.000Z' },
  });
});

it('the id of a run is none that a sender may use', async () => {
  const event = { id: 'schedule/mondays/x', type: 'invoice.paid', data: {} };
  expect(await admin.event(event as never)).toMatchObject({
    status: 422,
    body: {
      errors: [{ path: 'id', message: expect.stringContaining('must not begin with "schedule/"') as string }],
    },
  });
});
