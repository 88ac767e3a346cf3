import { randomUUID } from 'node:crypto';
import { NotFoundError } from '../../src/store/errors';
import type { Change, Store } from '../../src/store/store';
import { SESSION_IDLE_MS, SESSION_LINK_MS, SESSION_MS } from '../../src/shared/limits';
import { describeOnBothDatabases, newWorkspace } from '../support/stores';

const start = new Date('2026-11-23T08:00:00.000Z');

function later(ms: number): Date {
  return new Date(start.getTime() + ms);
}

describeOnBothDatabases((databases) => {
  let store: Store;
  let change: Change;
  let keyId: string;
  let hash: string;

  beforeEach(async () => {
    store = await databases.shared();
    change = await newWorkspace(store);
    keyId = randomUUID();
    hash = randomUUID();
    await store.apiKeys.create(change, { id: keyId, name: 'Ada', role: 'editor', hash: 'f'.repeat(64) });
  });

  function begin() {
    return store.sessions.begin(change, { hash, keyId, now: start });
  }

  it('a session is its key’s, until nobody has used it for 12 hours', async () => {
    await begin();
    const used = await store.sessions.use(hash, later(1_000));
    expect(used).toMatchObject({ key: { id: keyId, role: 'editor', workspace: change.workspace } });
    expect(used?.expiresAt).toBe(later(1_000 + SESSION_IDLE_MS).toISOString());
    expect(await store.sessions.use(hash, later(SESSION_IDLE_MS))).toBeUndefined();
  });

  it('use prolongs it, to 7 days at most', async () => {
    await begin();
    for (let at = 0; at < SESSION_MS; at += SESSION_IDLE_MS / 2) {
      expect(await store.sessions.use(hash, later(at))).toBeDefined();
    }
    const last = await store.sessions.use(hash, later(SESSION_MS - 1));
    expect(last?.expiresAt).toBe(later(SESSION_MS).toISOString());
    expect(await store.sessions.use(hash, later(SESSION_MS))).toBeUndefined();
  });

  it('a session is over when it is ended', async () => {
    await begin();
    await store.sessions.end(hash);
    expect(await store.sessions.use(hash, start)).toBeUndefined();
  });

  it('a session is over when its key is revoked, and none begins with such a key', async () => {
    await begin();
    await store.apiKeys.revoke(change, keyId);
    expect(await store.sessions.use(hash, start)).toBeUndefined();
    await expect(store.sessions.begin(change, { hash: randomUUID(), keyId, now: start })).rejects.toThrow(
      NotFoundError,
    );
  });

  it('the audit log says who signed in', async () => {
    await begin();
    const [entry] = await store.audit.list(change.workspace, { limit: 1 });
    expect(entry).toMatchObject({ action: 'session.begun', subject: { type: 'api_key', id: keyId } });
  });

  describe('links', () => {
    let link: string;
    beforeEach(async () => {
      link = randomUUID();
      await store.sessions.addLink({ hash: link, keyId, now: start });
    });

    it('begin one session, whoever asks at the same moment', async () => {
      const hashes = Array.from({ length: 5 }, () => randomUUID());
      const begun = await Promise.all(
        hashes.map((each) => store.sessions.redeem(link, { hash: each, now: start })),
      );
      const used = await Promise.all(hashes.map((each) => store.sessions.use(each, start)));
      expect(begun.filter((each) => each !== undefined)).toHaveLength(1);
      expect(used.filter((each) => each !== undefined)).toMatchObject([{ key: { id: keyId } }]);
    });

    it('are of no use after 5 minutes', async () => {
      expect(await store.sessions.redeem(link, { hash, now: later(SESSION_LINK_MS) })).toBeUndefined();
    });

    it('are of no use once their key is revoked', async () => {
      await store.apiKeys.revoke(change, keyId);
      expect(await store.sessions.redeem(link, { hash, now: start })).toBeUndefined();
    });
  });

  it('what has ended is deleted, and nothing else', async () => {
    const place = await databases.create();
    const own = await databases.open(place);
    const inDefault = { workspace: 'default', actor: 'test' };
    await own.apiKeys.create(inDefault, { id: keyId, name: 'Ada', role: 'admin', hash: 'f'.repeat(64) });
    const session = (name: string, now: Date) => own.sessions.begin(inDefault, { hash: name, keyId, now });
    await session('old', start);
    await session('new', later(SESSION_IDLE_MS - 1));
    await own.sessions.addLink({ hash: 'old-link', keyId, now: start });
    await own.sessions.purge(later(SESSION_IDLE_MS));
    // As of a time at which all of them held.
    const there = await Promise.all(['old', 'new'].map((name) => own.sessions.use(name, later(1))));
    expect(there.map((each) => each !== undefined)).toEqual([false, true]);
    expect(await own.sessions.redeem('old-link', { hash: 'x', now: start })).toBeUndefined();
  });
});
