import { randomUUID } from 'node:crypto';
import { AlreadyExistsError, NotFoundError, VersionMismatchError } from '../../src/store/errors';
import type { Change } from '../../src/store/record';
import type { Store } from '../../src/store/store';
import { describeOnBothDatabases, newWorkspace } from '../support/stores';

const key = (name: string) => ({
  id: randomUUID().slice(0, 12),
  name,
  role: 'editor' as const,
  hash: 'f'.repeat(64),
});

describeOnBothDatabases((databases) => {
  let store: Store;
  let change: Change;
  let workspace: string;

  beforeEach(async () => {
    store = await databases.shared();
    change = await newWorkspace(store);
    workspace = change.workspace;
  });

  it('says what it is without credentials', () => {
    expect(store.description).toMatch(/^(SQLite, \/.*\.db|PostgreSQL, [\w.:]+\/\w+)$/);
  });

  it('a workspace is there once; the default one is there from the start', async () => {
    await expect(
      store.workspaces.create(change, { id: 'default', name: 'Again' }, key('first')),
    ).rejects.toThrow(AlreadyExistsError);
    expect(await store.workspaces.list({ limit: 1 })).toMatchObject([{ id: 'default' }]);
    const [next] = await store.workspaces.list({ after: 'default', limit: 1 });
    expect(next?.id).toMatch(/^w-/);
  });

  it('facts are set and replaced', async () => {
    const name = randomUUID();
    expect(await store.facts.get(name)).toBeUndefined();
    await store.facts.set(name, 'one');
    await store.facts.set(name, 'two');
    expect(await store.facts.get(name)).toBe('two');
  });

  describe('API keys', () => {
    it('the first one is made once, however many processes start at the same moment', async () => {
      const place = await databases.create();
      const starting = await Promise.all([
        databases.open(place),
        databases.open(place),
        databases.open(place),
      ]);
      const kept: string[] = [];
      const made = await Promise.all(
        starting.map(({ apiKeys }, nth) =>
          apiKeys.createFirst({ workspace: 'default', actor: 'start' }, key(`of ${nth}`), async () => {
            kept.push(`of ${nth}`);
          }),
        ),
      );
      expect(made.flatMap((each) => each?.name ?? [])).toEqual(kept);
      expect(kept).toHaveLength(1);
    });

    it('the first one is not in force when it could not be kept', async () => {
      const fresh = await databases.open(await databases.create());
      const first = { workspace: 'default', actor: 'start' };
      const full = () => Promise.reject(new Error('the disk is full'));
      await expect(fresh.apiKeys.createFirst(first, key('lost'), full)).rejects.toThrow('the disk is full');
      expect(await fresh.apiKeys.list('default', { limit: 10 })).toEqual([]);
    });

    it('a workspace that could not be given its first key is not there', async () => {
      const taken = await store.apiKeys.create(change, key('a key'));
      const id = `w-${randomUUID().slice(0, 8)}`;
      const again = { ...key('again'), id: taken.id };
      await expect(store.workspaces.create(change, { id, name: 'New' }, again)).rejects.toThrow(
        AlreadyExistsError,
      );
      expect((await store.workspaces.list({ after: 'w', limit: 200 })).map((each) => each.id)).not.toContain(
        id,
      );
    });

    it('are found with their hash, listed without it, and revoked for good', async () => {
      const created = await store.apiKeys.create(change, key('a key'));
      expect(created).toMatchObject({ name: 'a key', role: 'editor', workspace, revokedAt: null });
      expect(await store.apiKeys.find(created.id)).toEqual({ ...created, hash: 'f'.repeat(64) });
      expect(await store.apiKeys.list(workspace, { limit: 10 })).toContainEqual(created);
      const revoked = await store.apiKeys.revoke(change, created.id);
      expect(revoked.revokedAt).not.toBeNull();
      expect(await store.apiKeys.revoke(change, created.id)).toEqual(revoked);
      expect(await store.apiKeys.find(created.id)).toMatchObject(revoked);
    });

    it('another workspace cannot revoke one', async () => {
      const created = await store.apiKeys.create(change, key('a key'));
      await expect(store.apiKeys.revoke(await newWorkspace(store), created.id)).rejects.toThrow(
        NotFoundError,
      );
    });

    it('the audit log has their name and role, and no hash', async () => {
      const created = await store.apiKeys.create(change, key('a key'));
      const [entry] = await store.audit.list(workspace, { limit: 1 });
      expect(entry).toMatchObject({ action: 'api_key.created', subject: { id: created.id } });
      expect(entry?.details).toEqual({ name: 'a key', role: 'editor' });
    });
  });

  it('event types are put, compared by their content, and deleted', async () => {
    const type = { name: 'invoice.paid', description: null, schema: { type: 'object', required: ['a'] } };
    expect(await store.eventTypes.put(change, type)).toMatchObject({ ...type, version: 1, created: true });
    expect(await store.eventTypes.put(change, type)).toMatchObject({ version: 1, created: false });
    const open = { ...type, schema: null };
    expect(await store.eventTypes.put(change, open, { ifVersion: 1 })).toMatchObject({ version: 2 });
    await expect(store.eventTypes.put(change, type, { ifVersion: 1 })).rejects.toThrow(VersionMismatchError);
    expect(await store.eventTypes.get(workspace, 'invoice.paid')).toMatchObject(open);
    expect(await store.eventTypes.list(workspace, { after: 'invoice', limit: 10 })).toHaveLength(1);
    await store.eventTypes.delete(change, 'invoice.paid');
    await expect(store.eventTypes.delete(change, 'invoice.paid')).rejects.toThrow(NotFoundError);
  });

  describe('destinations', () => {
    const origin = 'https://hooks.example.com';

    it('one that never failed is not written', async () => {
      await store.destinations.recordSuccess(workspace, origin, '2026-01-01T00:00:00.000Z');
      expect(await store.destinations.get(workspace, origin)).toBeUndefined();
    });

    it('failures add up from the first one until a success', async () => {
      await store.destinations.recordFailure(workspace, origin, { at: '2026-01-01', error: '500' });
      await store.destinations.recordFailure(workspace, origin, { at: '2026-01-02', error: 'a \0 byte' });
      const failing = { failingSince: '2026-01-01', consecutiveFailures: 2, lastFailureAt: '2026-01-02' };
      expect((await store.destinations.get(workspace, origin))?.health).toEqual({
        ...failing,
        lastError: 'a  byte',
        lastRecoveryAt: null,
        disabled: null,
        openUntil: null,
      });
      await store.destinations.recordSuccess(workspace, origin, '2026-01-03');
      expect((await store.destinations.get(workspace, origin))?.health).toMatchObject({
        failingSince: null,
        consecutiveFailures: 0,
        lastRecoveryAt: '2026-01-03',
      });
    });

    it('a success after a success changes nothing', async () => {
      await store.destinations.recordFailure(workspace, origin, { at: '2026-01-01', error: '500' });
      await store.destinations.recordSuccess(workspace, origin, '2026-01-02');
      await store.destinations.recordSuccess(workspace, origin, '2026-01-03');
      expect(await store.destinations.get(workspace, origin)).toMatchObject({
        health: { lastRecoveryAt: '2026-01-02' },
      });
    });
  });
});
