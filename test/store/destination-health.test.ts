import { openStore } from '../../src/store/open-store';
import type { CallFailure } from '../../src/store/destination-store';
import type { Change, Store } from '../../src/store/store';
import { describeOnBothDatabases, newWorkspace } from '../support/stores';

const ORIGIN = 'https://hooks.example.com';
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
    const statistics = (since = hour) => store.destinationCalls.statistics(workspace, ORIGIN, since);

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
      expect(await statistics()).toMatchObject({ delivered: 0, successRate: null });
    });

    it('are deleted when they are old', async () => {
      await store.destinationCalls.add([count(), count({ hour: '2026-11-19T11:00:00.000Z' })]);
      await store.destinationCalls.purge(hour);
      expect(await statistics('2026')).toMatchObject({ delivered: 3 });
    });
  });
});
