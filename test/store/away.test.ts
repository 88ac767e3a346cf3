import { setTimeout as delay } from 'node:timers/promises';
import { StoreAwayError } from '../../src/store/errors';
import { createLiveRuleIndex } from '../../src/store/live-rule-index';
import { openStore } from '../../src/store/open-store';
import type { Store } from '../../src/store/store';
import { StoreSetupError } from '../../src/store/setup-error';
import { canHavePostgres, createDatabase, PostgresCluster } from '../support/postgres';
import { ruleDocument } from '../support/stores';
import { temporaryFolder } from '../support/temporary-folder';

const change = { workspace: 'default', actor: 'test' };
const event = (id: string) => ({
  id,
  hash: 'a',
  event: { type: 'scorecard.changed' as const, scorecard_id: 'c', domain: 'example.com' },
});

/** The same as it is on record. */
const received = (id: string) => ({ ...event(id), receivedAt: '2026-11-26T12:00:00.000Z' });

(canHavePostgres() ? describe : describe.skip)('while PostgreSQL is away', () => {
  let cluster: PostgresCluster;
  let databaseUrl: string;
  let store: Store;
  const dataFolder = temporaryFolder();

  beforeAll(async () => {
    cluster = await PostgresCluster.start();
    databaseUrl = await createDatabase(cluster.url);
    store = await openStore({ databaseUrl, dataFolder });
    await store.rules.create(change, ruleDocument('watch'));
  });
  afterAll(async () => {
    await store.close();
    await cluster.remove();
  });
  beforeEach(() => cluster.pause());
  afterEach(() => cluster.resume());

  it('reads and writes say so, without credentials, and work again when it is back', async () => {
    const { password } = new URL(databaseUrl);
    const calls = () => [
      store.ping(),
      store.rules.get('default', 'watch'),
      store.rules.setPaused(change, 'watch', null),
      store.rulebook.rule('default', 'watch'),
      store.events.register('default', event('e-1'), []),
      store.destinations.recordFailure('default', 'https://a.example', { at: '2026', error: '500' }),
      store.feed.clock(),
      store.callSettings.callSettings('default', 'https://a.example', {}),
    ];
    for (const outcome of await Promise.allSettled(calls())) {
      const reason: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
      expect(reason).toBeInstanceOf(StoreAwayError);
      expect(String((reason as Error).stack)).not.toContain(password);
    }
    await cluster.resume();
    await expect(Promise.all(calls())).resolves.toHaveLength(8);
  });

  it('marks wait until it is back', async () => {
    await cluster.resume();
    await store.events.register('default', event('e-2'), []);
    await cluster.pause();
    store.events.markStarted('default', received('e-2'));
    await expect(store.events.register('default', event('e-3'), [])).rejects.toThrow(StoreAwayError);
    await cluster.resume();
    await store.events.register('default', event('e-4'), []);
    const other = await openStore({ databaseUrl, dataFolder });
    expect(await other.events.get('default', 'e-2')).toMatchObject({ state: 'started' });
    await other.close();
  });

  it('a live index answers as it was, and follows again', async () => {
    await cluster.resume();
    const index = createLiveRuleIndex(store.feed, { pollMs: 10 });
    await index.ready;
    const before = (await index.current()).size;
    await cluster.pause();
    expect((await index.current()).size).toBe(before);
    await cluster.resume();
    const other = await openStore({ databaseUrl, dataFolder });
    await other.rules.create(change, ruleDocument('another'));
    while ((await index.current()).size === before) await delay(5);
    index.close();
    await other.close();
  });

  it('a store cannot be opened', async () => {
    const refused = openStore({ databaseUrl, dataFolder });
    await expect(refused).rejects.toThrow(StoreSetupError);
    await expect(refused).rejects.toThrow(/PostgreSQL cannot be reached: .*ECONNREFUSED/);
  });
});
