import { randomUUID } from 'node:crypto';
import { NotFoundError } from '../../src/store/errors';
import type { Change } from '../../src/store/record';
import type { Store } from '../../src/store/store';
import { SESSION_IDLE_MS, SESSION_LINK_MS, SESSION_MS } from '../../src/shared/limits';
import { describeOnBothDatabases, newWorkspace } from '../support/stores';

const start = new Date('2026-11-23T08:00:00.000Z');

const address = '192.0.2.7';

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
    return store.sessions.begin(change, { hash, keyId, address, now: start });
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
    await store.sessions.end(hash, address);
    expect(await store.sessions.use(hash, start)).toBeUndefined();
  });

  it('a session is over when its key is revoked, and none begins with such a key', async () => {
    await begin();
    await store.apiKeys.revoke(change, keyId);
    expect(await store.sessions.use(hash, start)).toBeUndefined();
    const another = store.sessions.begin(change, { hash: randomUUID(), keyId, address, now: start });
    await expect(another).rejects.toThrow(NotFoundError);
  });

  it('the audit log says who signed in and out, how, and from where', async () => {
    await begin();
    const link = randomUUID();
    await store.sessions.addLink(change, { hash: link, keyId, address, now: start });
    await store.sessions.redeem(link, { hash: randomUUID(), address: '2001:db8::1', now: start });
    // The second time there is nothing to end.
    for (let times = 0; times < 2; times += 1) await store.sessions.end(hash, address);
    const entries = await store.audit.list(change.workspace, { subjectId: keyId, limit: 4 });
    expect(entries.map(({ actor, action, details }) => ({ actor, action, details }))).toEqual([
      { actor: `key/${keyId}`, action: 'session.ended', details: { name: 'Ada', address } },
      {
        actor: `key/${keyId}`,
        action: 'session.begun',
        details: { name: 'Ada', by: 'link', address: '2001:db8::1' },
      },
      { actor: change.actor, action: 'session_link.created', details: { address } },
      { actor: change.actor, action: 'session.begun', details: { name: 'Ada', by: 'key', address } },
    ]);
  });

  describe('links', () => {
    let link: string;
    beforeEach(async () => {
      link = randomUUID();
      await store.sessions.addLink(change, { hash: link, keyId, address, now: start });
    });

    it('begin one session, whoever asks at the same moment', async () => {
      const hashes = Array.from({ length: 5 }, () => randomUUID());
      const begun = await Promise.all(
        hashes.map((each) => store.sessions.redeem(link, { hash: each, address, now: start })),
      );
      const used = await Promise.all(hashes.map((each) => store.sessions.use(each, start)));
      expect(begun.filter((each) => each !== undefined)).toHaveLength(1);
      expect(used.filter((each) => each !== undefined)).toMatchObject([{ key: { id: keyId } }]);
    });

    it('are of no use after 5 minutes', async () => {
      expect(
        await store.sessions.redeem(link, { hash, address, now: later(SESSION_LINK_MS) }),
      ).toBeUndefined();
    });

    it('are of no use once their key is revoked', async () => {
      await store.apiKeys.revoke(change, keyId);
      expect(await store.sessions.redeem(link, { hash, address, now: start })).toBeUndefined();
    });
  });

  it('what has ended is deleted, and nothing else', async () => {
    const place = await databases.create();
    const own = await databases.open(place);
    const inDefault = { workspace: 'default', actor: 'test' };
    await own.apiKeys.create(inDefault, { id: keyId, name: 'Ada', role: 'admin', hash: 'f'.repeat(64) });
    const session = (name: string, now: Date) =>
      own.sessions.begin(inDefault, { hash: name, keyId, address, now });
    await session('old', start);
    await session('new', later(SESSION_IDLE_MS - 1));
    await own.sessions.addLink(inDefault, { hash: 'old-link', keyId, address, now: start });
    await own.sessions.purge(later(SESSION_IDLE_MS));
    // As of a time at which all of them held.
    const there = await Promise.all(['old', 'new'].map((name) => own.sessions.use(name, later(1))));
    expect(there.map((each) => each !== undefined)).toEqual([false, true]);
    expect(await own.sessions.redeem('old-link', { hash: 'x', address, now: start })).toBeUndefined();
  });
});
