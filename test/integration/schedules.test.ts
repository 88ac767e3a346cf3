import { Client, Connection, ScheduleNotFoundError, type ScheduleDescription } from '@temporalio/client';
import { openStore } from '../../src/store/open-store';
import { scheduleIdOf } from '../../src/shared/ids';
import { until } from '../support/executions';
import { answerJson, Receiver } from '../support/receiver';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

/** As much of a rule's schedule as is looked at here. */
interface Shown {
  paused: boolean;
  next: string[];
  last: { due_at: string; status: string; started: number; existed: number }[];
}

/** Its next time is never near: what runs is what a test asks for. */
const YEARLY = { cron: '0 9 1 1 *', timezone: 'Europe/Paris' };

const folder = temporaryFolder();
let service: ServiceProcess;
let receiver: Receiver;
let connection: Connection;
let client: Client;
beforeAll(async () => {
  receiver = await Receiver.start(answerJson(200, { ok: true }));
  service = await ServiceProcess.start(folder);
  ({ connection, client } = await connect());
});
afterAll(async () => {
  await connection.close();
  await service.kill('SIGTERM');
  await receiver.close();
});

async function connect() {
  const [, address = ''] = await service.program.printed(/Temporal: (\S+),/);
  const reached = await Connection.connect({ address });
  return { connection: reached, client: new Client({ connection: reached }) };
}

async function putRule(id: string, changed: object = {}): Promise<void> {
  const { status, body } = await service.call('PUT', '/v1/rules', {
    rules: [
      {
        id,
        name: 'State of the scorecards',
        owner: { email: 'ada@example.com' },
        schedule: YEARLY,
        steps: [{ action: 'call_webhook', url: `${receiver.url}/${id}` }],
        ...changed,
      },
    ],
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
}

const received = (id: string) =>
  receiver.requests.filter(({ path }) => path === `/${id}`).map(({ json }) => json);

const shown = async (id: string) => (await service.get<Shown>(`/v1/rules/${id}/schedule`)).body;

const temporalSchedule = (id: string) => client.schedule.getHandle(scheduleIdOf('default', id)).describe();

/** Waits until Temporal has a rule's schedule, and it is as it should be. */
async function untilKept(id: string, isSo: (schedule: ScheduleDescription) => boolean = () => true) {
  return until(async () => {
    try {
      const schedule = await temporalSchedule(id);
      return isSo(schedule) ? schedule : undefined;
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return undefined;
      throw error;
    }
  });
}

async function untilGone(id: string): Promise<true> {
  return until(async () => {
    const gone = await temporalSchedule(id).catch((error: unknown) => error);
    return gone instanceof ScheduleNotFoundError ? true : undefined;
  });
}

const isAt = (hour: number) => (schedule: ScheduleDescription) =>
  schedule.spec.calendars?.[0]?.hour[0]?.start === hour;

/** The last run, when it has ended. */
function lastRun(id: string) {
  return until(async () => (await shown(id)).last.find(({ status }) => status === 'completed'));
}

it('a run is delivered once for each scorecard, with the state of each', async () => {
  for (const id of ['one.example', 'two.example']) {
    await service.call('PUT', `/v1/scorecards/${id}`, { mine: true });
  }
  const scored = { type: 'scorecard.changed', scorecard_id: 'one.example', domain: 'one.example' };
  await service.event({ ...scored, current: { score: 78, factors: { dns_health: 61 } } });
  // What an event says of a scorecard is written with the next one at the latest.
  await service.event(scored);
  await putRule('by-group', { filters: { scorecards: { value: 'my_scorecard' } } });
  await service.call('POST', '/v1/rules/by-group/schedule/trigger');
  expect(await lastRun('by-group')).toMatchObject({ started: 2, existed: 0 });
  await receiver.received(2, '/by-group');
  const [one, two] = received('by-group').sort((a, b) =>
    String(a['domain']) < String(b['domain']) ? -1 : 1,
  );
  expect(one).toMatchObject({
    scorecard_id: 'one.example',
    domain: 'one.example',
    current: { score: 78, factors: { dns_health: 61 } },
    trigger: { type: 'schedule', current: { score: 78, grade: 'C', factors: { dns_health: 61 } } },
  });
  expect(two).toMatchObject({ domain: 'two.example', trigger: { type: 'schedule' } });
  expect(two).not.toHaveProperty('current');
});

it('a rule runs by itself at its time', async () => {
  await putRule('each-minute', { schedule: { cron: '* * * * *' } });
  const { body } = await service.get<{ next_run_at: string }>('/v1/rules/each-minute');
  await receiver.received(1, '/each-minute');
  expect(received('each-minute')[0]).toMatchObject({
    trigger: { type: 'schedule', due_at: body.next_run_at },
  });
  await service.call('DELETE', '/v1/rules/each-minute');
}, 120_000);

it('a paused rule has a paused schedule, and goes on when it is resumed', async () => {
  await putRule('paused');
  await untilKept('paused');
  await service.call('POST', '/v1/rules/paused/pause');
  await untilKept('paused', ({ state }) => state.paused);
  expect(await shown('paused')).toMatchObject({ paused: true, next: [] });
  await service.call('POST', '/v1/rules/paused/resume');
  await untilKept('paused', ({ state }) => !state.paused);
  expect((await shown('paused')).next).toHaveLength(5);
});

it('a backfill runs each time that was due, and none twice', async () => {
  await putRule('missed', { schedule: { cron: '0 9 * * 1', timezone: 'Europe/Paris' } });
  const backfill = (more: object = {}) =>
    service.call('POST', '/v1/rules/missed/schedule/backfill', {
      from: '2026-10-19T07:00:00Z',
      to: '2026-11-09T08:00:00Z',
      ...more,
    });
  const dueAt = ['2026-10-19T07:00:00.000Z', '2026-10-26T08:00:00.000Z', '2026-11-02T08:00:00.000Z'];
  expect(await backfill({ dry_run: true })).toMatchObject({
    status: 200,
    body: { count: 3, first: dueAt[0], last: dueAt[2] },
  });
  expect(await backfill()).toMatchObject({ status: 202, body: { count: 3 } });
  await receiver.received(3, '/missed');
  expect(received('missed').map(({ trigger }) => (trigger as { due_at: string }).due_at)).toEqual(dueAt);
  await backfill();
  const again = await until(async () => {
    const { last } = await shown('missed');
    const ended = last.filter(({ status }) => status === 'completed');
    // Five are shown: the three of the second backfill, and two of the first.
    const isOver = ended.length === 5 && ended.slice(0, 3).every(({ started }) => started === 0);
    return isOver ? ended : undefined;
  });
  expect(again.slice(0, 3)).toMatchObject(
    dueAt.toReversed().map((due_at) => ({ due_at, started: 0, existed: 1 })),
  );
  expect(received('missed')).toHaveLength(3);
});

it('an edit of the times takes hold, and a rule that is deleted runs no more', async () => {
  await putRule('edited');
  await untilKept('edited', isAt(9));
  await putRule('edited', { schedule: { ...YEARLY, cron: '0 17 1 1 *' } });
  await untilKept('edited', isAt(17));
  await service.call('DELETE', '/v1/rules/edited');
  expect(await untilGone('edited')).toBe(true);
});

it('what a process that was killed has left undone is made up for', async () => {
  await putRule('one');
  await putRule('two');
  await untilKept('one', isAt(9));
  await untilKept('two');
  await connection.close();
  await service.kill('SIGKILL');
  // As a process that dies between the edit and what follows from it.
  const store = await openStore({ dataFolder: folder });
  const change = { workspace: 'default', actor: 'test' };
  const edited = await store.rules.get('default', 'one');
  const schedule = { ...YEARLY, cron: '0 17 1 1 *' };
  await store.rules.replace(change, 'one', { ...edited?.document, schedule });
  await store.rules.delete(change, 'two');
  await store.close();
  service = await ServiceProcess.start(folder);
  ({ connection, client } = await connect());
  await untilKept('one', isAt(17));
  expect(await untilGone('two')).toBe(true);
});

it('a trial runs the rule once, with a scorecard that is made up', async () => {
  await putRule('tried', { filters: { scorecards: { value: 'followed' } } });
  const { body } = await service.call<{ matched: number }>('POST', '/v1/rules/tried/test');
  expect(body).toMatchObject({ matched: 1 });
  await receiver.received(1, '/tried');
  expect(received('tried')[0]).toMatchObject({ domain: 'example.com', trigger: { type: 'schedule' } });
});
