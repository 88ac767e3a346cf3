import { randomUUID } from 'node:crypto';
import { openStore } from '../../src/store/open-store';
import type { CallFailure } from '../../src/store/destination-store';
import type { Change } from '../../src/store/record';
import type { Store } from '../../src/store/store';
import { describeOnBothDatabases, newWorkspace, ruleDocument } from '../support/stores';

const ORIGIN = 'https://hooks.example.com';
const step = (url: string) => ({ action: 'call_webhook', url });
const DAY_MS = 86_400_000;
const failureLimits = { breakerFailures: 3, disableAfterMs: 5 * DAY_MS };

describeOnBothDatabases((databases) => {
  let store: Store;
  let change: Change;
  let workspace: string;
  const fail = (changed: Partial<CallFailure> = {}) =>
    store.destinations.recordFailure(workspace, ORIGIN, {
      at: new Date().toISOString(),
      error: '503 Service Unavailable',
      isDown: true,
      ...changed,
    });
  const health = async () => (await store.destinations.get(workspace, ORIGIN))?.health;
  const openUntil = async () => (await health())?.openUntil ?? '';

  beforeAll(async () => {
    store = await openStore({ ...(await databases.create()), failureLimits });
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    change = await newWorkspace(store);
    workspace = change.workspace;
  });

  it('destinations of all workspaces are counted by how they stand', async () => {
    const before = await store.destinations.countByStanding();
    await store.rules.create(change, ruleDocument('calls', { steps: [step('https://well.example.com')] }));
    await fail();
    const broken = 'https://broken.example.com';
    const failure = { at: new Date().toISOString(), error: '503', isDown: true };
    for (let count = 0; count < 3; count += 1) {
      await store.destinations.recordFailure(workspace, broken, failure);
    }
    await store.destinations.recordFailure(workspace, 'https://gone.example.com', failure);
    await store.destinations.setDisabled(change, 'https://gone.example.com', { reason: 'gone' });
    const { healthy = 0, failing = 0, circuit_open = 0, disabled = 0 } = before;
    expect(await store.destinations.countByStanding()).toEqual({
      healthy: healthy + 1,
      failing: failing + 1,
      circuit_open: circuit_open + 1,
      disabled: disabled + 1,
    });
  });

  it('failures of the same moment are all counted, from the earliest to the latest', async () => {
    const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
    const seconds = [30, 5, 59, 12];
    await Promise.all(seconds.map((second) => fail({ at: at(second), error: `failed at ${second}` })));
    expect(await health()).toMatchObject({
      consecutiveFailures: 4,
      failingSince: at(5),
      lastFailureAt: at(59),
      lastError: 'failed at 59',
    });
  });

  it('one receiver that is gone among failures of the same moment is enough to disable the destination', async () => {
    const outages = await Promise.all([fail(), fail({ error: '410 Gone', isGone: true }), fail()]);
    expect(outages.filter((outage) => outage !== undefined)).toEqual([
      expect.objectContaining({ reason: 'it answered 410 Gone' }),
    ]);
  });

  describe('the circuit breaker', () => {
    it('opens after as many failures as are set, one after the other', async () => {
      await fail();
      await fail();
      expect(await openUntil()).toBe('');
      await fail();
      expect(Date.parse(await openUntil())).toBeGreaterThan(Date.now());
    });

    it('does not open because of a request that the receiver does not like', async () => {
      for (let count = 0; count < 5; count += 1) await fail({ error: '400 Bad Request', isDown: false });
      expect(await openUntil()).toBe('');
    });

    it('lets one of many that ask at once see whether the host is back', async () => {
      for (let count = 0; count < 3; count += 1) await fail();
      const open = await openUntil();
      const claims = Array.from({ length: 10 }, () => store.destinations.claimProbe(workspace, ORIGIN, open));
      expect((await Promise.all(claims)).filter((isMine) => isMine)).toHaveLength(1);
    });

    it('is closed by a success', async () => {
      for (let count = 0; count < 3; count += 1) await fail();
      await store.destinations.recordSuccess(workspace, ORIGIN, new Date().toISOString());
      expect(await health()).toMatchObject({ openUntil: null, consecutiveFailures: 0, failingSince: null });
    });
  });

  describe('an outage', () => {
    it('is one as soon as the receiver says that it is gone', async () => {
      expect(await fail({ error: '410 Gone', isGone: true })).toMatchObject({
        reason: 'it answered 410 Gone',
      });
    });

    it('is one when calls have failed for as long as is set, and not before', async () => {
      const start = Date.now() - 5 * DAY_MS;
      await fail({ at: new Date(start).toISOString() });
      expect(await fail({ at: new Date(start + 5 * DAY_MS - 1).toISOString() })).toBeUndefined();
      expect(await fail({ at: new Date(start + 5 * DAY_MS).toISOString() })).toMatchObject({
        failingSince: new Date(start).toISOString(),
      });
    });

    it('is none when a call went well meanwhile', async () => {
      const start = Date.now() - 6 * DAY_MS;
      await fail({ at: new Date(start).toISOString() });
      await store.destinations.recordSuccess(workspace, ORIGIN, new Date(start + 1).toISOString());
      expect(await fail()).toBeUndefined();
    });

    it('disables its destination once, until it is enabled as if it had never failed', async () => {
      await fail({ isGone: true });
      expect(await store.destinations.disable(workspace, ORIGIN, 'gone')).toBe(true);
      expect(await store.destinations.disable(workspace, ORIGIN, 'again')).toBe(false);
      expect(await fail({ isGone: true })).toBeUndefined();
      expect((await health())?.disabled).toMatchObject({ by: 'delivery', reason: 'gone' });
      await store.destinations.setDisabled(change, ORIGIN, null);
      expect(await health()).toMatchObject({ disabled: null, consecutiveFailures: 0, failingSince: null });
    });
  });

  describe('the end of an outage', () => {
    const failedAt = '2026-01-05T08:00:00.000Z';
    const escalate = (at: string, origin = ORIGIN) =>
      store.escalations.record(
        {
          workspace,
          executionId: randomUUID(),
          ruleId: 'watch',
          ruleName: 'Score watch',
          domain: null,
          origin,
          url: `${origin}/x`,
          error: '503',
          at,
          owner: { email: 'ada@example.com' },
        },
        0,
      );
    const told = () => store.destinations.outageTold(workspace, ORIGIN);
    const succeed = () => store.destinations.recordSuccess(workspace, ORIGIN, new Date().toISOString());
    const isFailing = async () => (await store.callSettings.callSettings(workspace, ORIGIN, {})).isFailing;

    it('is told when executions were escalated in it', async () => {
      await fail({ at: failedAt });
      await escalate('2026-01-05T09:00:00.000Z');
      expect(await told()).toEqual({ failingSince: failedAt, wasDisabled: false });
      expect(await store.escalations.rulesEscalated(workspace, ORIGIN, failedAt)).toEqual(['watch']);
    });

    it('is not told when none were: not in it, or not because of this destination', async () => {
      await fail({ at: failedAt });
      await escalate('2026-01-05T07:59:59.999Z');
      await escalate('2026-01-05T09:00:00.000Z', 'https://other.example.com');
      expect(await told()).toBeUndefined();
    });

    it('is told once: after the success there is none', async () => {
      await fail({ at: failedAt });
      await escalate('2026-01-05T09:00:00.000Z');
      await succeed();
      expect(await told()).toBeUndefined();
      expect(await isFailing()).toBe(false);
    });

    it('of one that was disabled by itself is told after it was enabled, by the first success', async () => {
      await fail({ at: failedAt, isGone: true });
      await store.destinations.disable(workspace, ORIGIN, 'gone');
      expect(await told()).toBeUndefined();
      await store.destinations.setDisabled(change, ORIGIN, null);
      expect(await isFailing()).toBe(true);
      expect(await told()).toEqual({ failingSince: failedAt, wasDisabled: true });
      await succeed();
      expect(await told()).toBeUndefined();
      expect(await isFailing()).toBe(false);
    });

    it('of one that was enabled too early is still that of the first failure', async () => {
      await fail({ at: failedAt, isGone: true });
      await store.destinations.disable(workspace, ORIGIN, 'gone');
      await store.destinations.setDisabled(change, ORIGIN, null);
      await fail();
      expect(await told()).toEqual({ failingSince: failedAt, wasDisabled: true });
    });

    it('of one that somebody disabled is told when executions were escalated meanwhile', async () => {
      await succeed();
      await fail({ at: failedAt });
      await store.destinations.setDisabled(change, ORIGIN, { reason: 'by hand' });
      await store.destinations.setDisabled(change, ORIGIN, null);
      expect(await told()).toBeUndefined();
      await escalate('2026-01-05T09:00:00.000Z');
      expect(await told()).toEqual({ failingSince: failedAt, wasDisabled: false });
    });

    it('is not seen by an answer that comes after it was disabled, and not forgotten for it', async () => {
      await fail({ at: failedAt, isGone: true });
      await store.destinations.disable(workspace, ORIGIN, 'gone');
      await succeed();
      expect(await told()).toBeUndefined();
      await store.destinations.setDisabled(change, ORIGIN, null);
      expect(await told()).toEqual({ failingSince: failedAt, wasDisabled: true });
    });
  });

  describe('counts of calls', () => {
    const hour = '2026-11-26T11:00:00.000Z';
    const count = (changed: object = {}) => ({
      workspace,
      origin: ORIGIN,
      hour,
      bucket: 8,
      delivered: 3,
      failed: 1,
      ...changed,
    });
    const statistics = async (since = hour) =>
      (await store.destinationCalls.statistics(workspace, [ORIGIN], since)).get(ORIGIN);

    it('of all processes add up', async () => {
      const counts = [count(), count({ bucket: 12, delivered: 0 })];
      await Promise.all([1, 2, 3, 4].map(() => store.destinationCalls.add(counts)));
      expect(await statistics()).toMatchObject({ delivered: 12, failed: 8, latencyMs: { p50: 16, p95: 64 } });
    });

    it('of earlier hours, other destinations and other workspaces are left out', async () => {
      const others = [
        { hour: '2026-11-26T10:00:00.000Z' },
        { origin: 'https://b.example' },
        { workspace: 'other' },
      ];
      await store.destinationCalls.add(others.map(count));
      expect(await statistics()).toBeUndefined();
    });

    it('are told of many destinations at once, each by itself', async () => {
      const other = 'https://b.example';
      await store.destinationCalls.add([count(), count({ origin: other, failed: 0 })]);
      const found = await store.destinationCalls.statistics(
        workspace,
        [ORIGIN, other, 'https://c.example'],
        hour,
      );
      expect([...found.keys()].sort()).toEqual([ORIGIN, other].sort());
      expect(found.get(ORIGIN)).toMatchObject({ delivered: 3, failed: 1 });
      expect(found.get(other)).toMatchObject({ delivered: 3, failed: 0 });
    });

    it('are told hour by hour, of all destinations of a workspace or of one', async () => {
      const [next, after] = ['2026-11-26T12:00:00.000Z', '2026-11-26T13:00:00.000Z'];
      await store.destinationCalls.add(
        [
          { hour: '2026-11-26T10:00:00.000Z' },
          {},
          { origin: 'https://b.example' },
          { hour: next },
          { hour: next, bucket: 12, delivered: 0 },
          { hour: after },
          { workspace: 'other' },
        ].map(count),
      );
      const byHour = async (origin?: string) => {
        const found = await store.destinationCalls.byHour(workspace, { from: hour, to: after }, origin);
        return found.sort((a, b) => a.hour.localeCompare(b.hour) || a.bucket - b.bucket);
      };
      const later = [
        { hour: next, bucket: 8, delivered: 3, failed: 1 },
        { hour: next, bucket: 12, delivered: 0, failed: 1 },
      ];
      expect(await byHour()).toEqual([{ hour, bucket: 8, delivered: 6, failed: 2 }, ...later]);
      expect(await byHour(ORIGIN)).toEqual([{ hour, bucket: 8, delivered: 3, failed: 1 }, ...later]);
    });

    it('are deleted when they are old', async () => {
      await store.destinationCalls.add([count(), count({ hour: '2026-11-19T11:00:00.000Z' })]);
      await store.destinationCalls.purge(hour);
      expect(await statistics('2026')).toMatchObject({ delivered: 3 });
    });
  });
});
