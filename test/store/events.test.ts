import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventMatch } from '../../src/store/event-store';
import type { Store } from '../../src/store/store';
import { describeOnBothDatabases, newWorkspace } from '../support/stores';

const SCORED = { type: 'scorecard.changed', scorecard_id: 'c', domain: 'example.com' } as const;

const event = (id: string, hash = 'a'.repeat(64)) => ({ id, hash, event: { ...SCORED, id } });

/** The same as it is on record. */
const received = (id: string) => ({ ...event(id), receivedAt: '2026-11-26T12:00:00.000Z' });

const match = (n: number): EventMatch => ({
  ruleId: `rule-${n}`,
  ruleVersion: 1,
  executionId: `execution-${n}`,
  reason: 'the grade fell',
  trigger: { type: 'grade_drop', grade: n % 2 === 0 ? 'any' : 'B' },
});

const matches = (count: number) => Array.from({ length: count }, (_, n) => match(n));

/** Times are kept in milliseconds, so what shall be later must not fall into the same one. */
async function anotherMillisecond(): Promise<void> {
  const now = Date.now();
  while (Date.now() === now) await nextTurn();
}

describeOnBothDatabases((databases) => {
  let store: Store;
  let workspace: string;

  beforeEach(async () => {
    store = await databases.shared();
    ({ workspace } = await newWorkspace(store));
  });

  const all = { offset: 0, limit: 1_000 };

  it('a new event is on record with what it matched', async () => {
    const { stored, inserted } = await store.events.register(workspace, event('e'), matches(2));
    expect(inserted).toBe(true);
    expect(stored).toMatchObject({ ...event('e'), state: 'pending', matched: 2 });
    expect(await store.events.get(workspace, 'e')).toEqual(stored);
    expect(await store.events.matches(workspace, 'e', all)).toEqual(matches(2));
  });

  it('an event whose matches were decided before a change is not recorded, but the others of its moment are', async () => {
    const before = await store.feed.clock();
    await newWorkspace(store);
    const now = await store.feed.clock();
    const [late, fresh] = await Promise.allSettled([
      store.events.register(workspace, event('late'), [], before),
      store.events.register(workspace, event('fresh'), [], now),
    ]);
    expect(late).toMatchObject({ status: 'rejected', reason: { name: 'StaleMatchesError' } });
    expect(fresh).toMatchObject({ status: 'fulfilled', value: { inserted: true } });
    expect(await store.events.get(workspace, 'late')).toBeUndefined();
  });

  it('a mark that came with such events alone is written all the same', async () => {
    const before = await store.feed.clock();
    const { stored } = await store.events.register(workspace, event('e'), []);
    await newWorkspace(store);
    store.events.markStarted(workspace, stored);
    await expect(store.events.register(workspace, event('late'), [], before)).rejects.toThrow();
    expect((await store.events.get(workspace, 'e'))?.state).toBe('started');
  });

  it('a traced event keeps its trace, also when it is met again by another one', async () => {
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    const { stored } = await store.events.register(workspace, { ...event('e'), traceparent }, []);
    expect(stored.traceparent).toBe(traceparent);
    const other = `00-${'3'.repeat(32)}-${'4'.repeat(16)}-01`;
    const again = await store.events.register(workspace, { ...event('e'), traceparent: other }, []);
    expect(again.stored.traceparent).toBe(traceparent);
  });

  it('an event that is not traced has no trace', async () => {
    await store.events.register(workspace, event('e'), []);
    expect(await store.events.get(workspace, 'e')).not.toHaveProperty('traceparent');
  });

  it('the same id again answers what is on record, whatever comes with it', async () => {
    const first = await store.events.register(workspace, event('e'), matches(1));
    const second = await store.events.register(workspace, event('e', 'b'.repeat(64)), matches(3));
    expect(second).toEqual({ stored: first.stored, inserted: false });
    expect(await store.events.matches(workspace, 'e', all)).toHaveLength(1);
  });

  it('of 50 at once with one id, one is recorded', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => store.events.register(workspace, event('e'), [match(n)])),
    );
    expect(answers.filter(({ inserted }) => inserted)).toHaveLength(1);
    expect(await store.events.matches(workspace, 'e', all)).toEqual([
      match(answers.findIndex((a) => a.inserted)),
    ]);
  });

  it('of two processes that record the same events at once, each event is recorded by one', async () => {
    const settings = await databases.create();
    const two = [await databases.open(settings), await databases.open(settings)];
    const ids = Array.from({ length: 50 }, (_, n) => `e-${n}`);
    const answers = await Promise.all(
      two.flatMap((each, who) =>
        // Each in an order of its own.
        (who === 0 ? ids : [...ids].reverse()).map((id) =>
          each.events.register('default', event(id), matches(2)),
        ),
      ),
    );
    const recorded = answers.filter(({ inserted }) => inserted).map(({ stored }) => stored.id);
    expect(recorded.sort()).toEqual([...ids].sort());
  });

  it('an event of another workspace is another event', async () => {
    const other = await newWorkspace(store);
    await store.events.register(workspace, event('e'), []);
    expect((await store.events.register(other.workspace, event('e'), [])).inserted).toBe(true);
    expect(await store.events.list(other.workspace, { limit: 10 })).toMatchObject({ events: [{ id: 'e' }] });
  });

  it('100,000 matches are read from anywhere', async () => {
    const many = matches(100_000);
    await store.events.register(workspace, event('e'), many);
    expect(await store.events.matches(workspace, 'e', { offset: 250, limit: 200 })).toEqual(
      many.slice(250, 450),
    );
    expect(await store.events.matches(workspace, 'e', { offset: 99_950, limit: 200 })).toEqual(
      many.slice(-50),
    );
    expect(await store.events.matches(workspace, 'e', { offset: 100_000, limit: 10 })).toEqual([]);
  });

  it('a trigger that repeats a large event is not stored for each rule', async () => {
    const data = { text: 'x'.repeat(100_000) };
    const trigger = { type: 'invoice.paid', data };
    const many = Array.from({ length: 2_000 }, (_, n) => ({ ...match(n), trigger }));
    const custom = { id: 'e', hash: 'a', event: { type: 'invoice.paid', data, id: 'e' } };
    await store.events.register(workspace, custom, many);
    expect(await store.events.matches(workspace, 'e', { offset: 1_999, limit: 1 })).toEqual([many[1_999]]);
  });

  it('one that cannot be stored takes no other with it', async () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const bad = { id: 'bad', hash: 'a', event: { type: 'x', data: circular as never } };
    const outcomes = await Promise.allSettled([
      store.events.register(workspace, event('good'), []),
      store.events.register(workspace, bad, []),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('a started event is seen as started at once, and is so for another process after it was written', async () => {
    const settings = await databases.create();
    const [one, two] = [await databases.open(settings), await databases.open(settings)];
    await one.events.register('default', event('e'), []);
    one.events.markStarted('default', received('e'));
    expect(await one.events.get('default', 'e')).toMatchObject({ state: 'started' });
    // The mark goes with the next transaction.
    await one.events.register('default', event('f'), []);
    expect(await two.events.get('default', 'e')).toMatchObject({ state: 'started' });
  });

  it('closing writes the marks that are queued', async () => {
    const settings = await databases.create();
    const [one, two] = [await databases.open(settings), await databases.open(settings)];
    await one.events.register('default', event('e'), []);
    one.events.markStarted('default', received('e'));
    await one.close();
    expect(await two.events.get('default', 'e')).toMatchObject({ state: 'started' });
    await expect(one.events.register('default', event('f'), [])).rejects.toThrow('closed');
  });

  it('a pending event can be forgotten, with its matches', async () => {
    await store.events.register(workspace, event('e'), matches(1));
    await store.events.forget(workspace, 'e', 60_000);
    expect(await store.events.get(workspace, 'e')).toMatchObject({ state: 'pending' });
    await store.events.forget(workspace, 'e', 0);
    expect(await store.events.get(workspace, 'e')).toBeUndefined();
    expect((await store.events.register(workspace, event('e'), [])).inserted).toBe(true);
    expect(await store.events.matches(workspace, 'e', all)).toEqual([]);
  });

  it('a started event cannot be forgotten', async () => {
    await store.events.register(workspace, event('e'), []);
    store.events.markStarted(workspace, received('e'));
    await store.events.forget(workspace, 'e', 0);
    expect(await store.events.get(workspace, 'e')).toMatchObject({ state: 'started' });
  });

  it('pending events are counted, in all workspaces', async () => {
    const before = await store.events.countPending(0);
    await store.events.register(workspace, event('e'), matches(1));
    await store.events.register(workspace, event('f'), matches(1));
    store.events.markStarted(workspace, received('f'));
    await store.events.forget(workspace, 'none', 0);
    expect(await store.events.countPending(0)).toBe(before + 1);
  });

  it('pending events that nobody has met for a while are found, oldest first', async () => {
    for (const id of ['a', 'b', 'c']) {
      await store.events.register(workspace, event(id), []);
      await anotherMillisecond();
    }
    store.events.markStarted(workspace, received('b'));
    const mine = async (olderThanMs: number) =>
      (await store.events.stalePending(olderThanMs, 10_000))
        .filter((each) => each.workspace === workspace)
        .map(({ id }) => id);
    expect(await mine(0)).toEqual(['a', 'c']);
    expect(await mine(60_000)).toEqual([]);
    await anotherMillisecond();
    // Meeting it again makes it the newest.
    await store.events.register(workspace, event('a'), []);
    expect(await mine(0)).toEqual(['c', 'a']);
  });

  it('are listed newest first, page by page', async () => {
    const ids = Array.from({ length: 5 }, (_, n) => `e-${n}`);
    for (const id of ids) await store.events.register(workspace, event(id), []);
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.events.list(workspace, { limit: 2, cursor });
      listed.push(...page.events.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(listed).toEqual(ids.reverse());
  });

  describe('of one type or domain', () => {
    beforeEach(async () => {
      for (let n = 0; n < 6; n += 1) {
        const domain = n % 3 === 0 ? 'three.example' : 'other.example';
        const type = n % 2 === 0 ? 'invoice.paid' : 'invoice.sent';
        await store.events.register(
          workspace,
          { id: `e-${n}`, hash: 'a', event: { id: `e-${n}`, type, data: {}, domain } },
          [],
        );
      }
      const of = { type: 'invoice.paid', data: {} };
      await store.events.register(workspace, { id: 'no-domain', hash: 'a', event: { ...of, id: 'n' } }, []);
    });

    it.each([
      [{ type: 'invoice.paid' }, ['no-domain', 'e-4', 'e-2', 'e-0']],
      [{ type: 'invoice.*' }, []],
      [{ domain: 'three.example' }, ['e-3', 'e-0']],
      [{ domain: 'example' }, []],
      [{ type: 'invoice.paid', domain: 'other.example' }, ['e-4', 'e-2']],
    ])('are listed alone: %j', async (which, expected) => {
      const { events, nextCursor } = await store.events.list(workspace, { limit: 10, ...which });
      expect(events.map(({ id }) => id)).toEqual(expected);
      expect(nextCursor).toBeUndefined();
    });

    it('come page by page, each once', async () => {
      const listed: string[][] = [];
      let cursor: string | undefined;
      do {
        const page = await store.events.list(workspace, { type: 'invoice.paid', limit: 2, cursor });
        listed.push(page.events.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(listed).toEqual([
        ['no-domain', 'e-4'],
        ['e-2', 'e-0'],
      ]);
    });

    it('are not those of another workspace', async () => {
      const other = await newWorkspace(store);
      expect(await store.events.list(other.workspace, { type: 'invoice.paid', limit: 10 })).toEqual({
        events: [],
      });
    });
  });

  it('old events are deleted once they were started, some at a time', async () => {
    const fresh = await databases.open(await databases.create());
    const ids = Array.from({ length: 520 }, (_, n) => `e-${n}`);
    await Promise.all(ids.map((id) => fresh.events.register('default', event(id), matches(1))));
    for (const id of ids.slice(0, -1)) fresh.events.markStarted('default', received(id));
    // With this transaction the marks are written.
    await fresh.events.register('default', event('last'), []);
    const future = new Date(Date.now() + 60_000).toISOString();
    expect(await fresh.events.purge('2020-01-01T00:00:00.000Z')).toBe(0);
    expect(await fresh.events.purge(future)).toBe(500);
    expect(await fresh.events.purge(future)).toBe(19);
    expect(await fresh.events.purge(future)).toBe(0);
    expect(await fresh.events.get('default', 'e-519')).toMatchObject({ state: 'pending' });
    expect(await fresh.events.matches('default', 'e-0', all)).toEqual([]);
  });
});
