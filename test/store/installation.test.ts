import { randomUUID } from 'node:crypto';
import { AlreadyExistsError, NotFoundError, VersionMismatchError } from '../../src/store/errors';
import type { Change, Store } from '../../src/store/store';
import { describeOnBothDatabases, newWorkspace } from '../support/stores';

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
    await expect(store.workspaces.create(change, { id: 'default', name: 'Again' })).rejects.toThrow(
      AlreadyExistsError,
    );
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
    const key = (name: string) => ({
      id: randomUUID().slice(0, 12),
      name,
      role: 'editor' as const,
      hash: 'f'.repeat(64),
    });

    it('a new installation has none', async () => {
      const fresh = await databases.open(await databases.create());
      expect(await fresh.apiKeys.isEmpty()).toBe(true);
      await fresh.apiKeys.create({ workspace: 'default', actor: 'start' }, key('first'));
      expect(await fresh.apiKeys.isEmpty()).toBe(false);
    });

    it('are found with their hash, listed without it, and revoked for good', async () => {
      const created = await store.apiKeys.create(change, key('a key'));
      expect(created).toMatchObject({ name: 'a key', role: 'editor', workspace, revokedAt: null });
      expect(await store.apiKeys.find(created.id)).toEqual({ ...created, hash: 'f'.repeat(64) });
      expect(await store.apiKeys.list(workspace, { limit: 10 })).toEqual([created]);
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
      expect(await store.destinations.get(workspace, origin)).toEqual({
        ...failing,
        origin,
        lastError: 'a  byte',
        lastRecoveryAt: null,
      });
      await store.destinations.recordSuccess(workspace, origin, '2026-01-03');
      expect(await store.destinations.get(workspace, origin)).toMatchObject({
        failingSince: null,
        consecutiveFailures: 0,
        lastRecoveryAt: '2026-01-03',
      });
    });

    it('a success after a success changes nothing', async () => {
      await store.destinations.recordFailure(workspace, origin, { at: '2026-01-01', error: '500' });
      await store.destinations.recordSuccess(workspace, origin, '2026-01-02');
      await store.destinations.recordSuccess(workspace, origin, '2026-01-03');
      expect(await store.destinations.get(workspace, origin)).toMatchObject({ lastRecoveryAt: '2026-01-02' });
    });
  });
});
