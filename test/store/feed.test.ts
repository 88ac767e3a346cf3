import type { ScorecardEvent } from '../../src/rules/event';
import type { RuleIndex } from '../../src/rules/rule-index';
import { createLiveRuleIndex } from '../../src/store/live-rule-index';
import type { StoreSettings } from '../../src/store/open-store';
import type { FeedItem, RuleFeed } from '../../src/store/rule-feed';
import type { Store } from '../../src/store/store';
import { StoreAwayError } from '../../src/store/errors';
import { describeOnBothDatabases, ruleDocument } from '../support/stores';

const change = { workspace: 'default', actor: 'test' };

/** Fires the rules of `ruleDocument` for a scorecard. */
const fall = (domain: string): ScorecardEvent => ({
  type: 'scorecard.changed',
  scorecard_id: 'card',
  domain,
  previous: { score: 95 },
  current: { score: 65 },
});

const followed = (id: string) => ({ id, domain: id, mine: false, followed: true });

describeOnBothDatabases((databases) => {
  let settings: StoreSettings;
  let store: Store;

  beforeEach(async () => {
    settings = await databases.create();
    store = await databases.open(settings);
  });

  async function read(since: number): Promise<{ items: FeedItem[]; upTo: number; largest: number }> {
    const read = { items: [] as FeedItem[], upTo: since, largest: 0 };
    for await (const { items, upTo } of store.feed.changes(since)) {
      read.items.push(...items);
      read.upTo = upTo;
      read.largest = Math.max(read.largest, items.length);
    }
    return read;
  }

  describe('the feed', () => {
    it('has all that matching depends on', async () => {
      await store.rules.create(change, ruleDocument('watch'));
      await store.scorecards.put(change, followed('a.example'));
      await store.portfolios.put(change, { id: 'p', name: 'P' });
      await store.portfolios.addMembers(change, 'p', ['a.example', 'b.example']);
      await store.issueTypes.set(change, { spf_record_missing: 'high' });
      const { items, upTo } = await read(0);
      expect(upTo).toBe(await store.feed.clock());
      expect(items).toEqual([
        { kind: 'issue-types', workspace: 'default', severities: { spf_record_missing: 'high' } },
        { kind: 'scorecard', workspace: 'default', id: 'a.example', scorecard: followed('a.example') },
        {
          kind: 'scorecard',
          workspace: 'default',
          id: 'b.example',
          scorecard: { ...followed('b.example'), followed: false },
        },
        {
          kind: 'portfolio',
          workspace: 'default',
          id: 'p',
          portfolio: { id: 'p', name: 'P', scorecards: ['a.example', 'b.example'] },
        },
        {
          kind: 'rule',
          workspace: 'default',
          id: 'watch',
          stored: await store.rules.get('default', 'watch'),
        },
      ]);
    });

    it('has what changed since, and that things were deleted', async () => {
      await store.rules.create(change, ruleDocument('stays'));
      await store.rules.create(change, ruleDocument('goes'));
      await store.scorecards.put(change, followed('a.example'));
      await store.portfolios.put(change, { id: 'p', name: null });
      const { upTo } = await read(0);
      expect(await read(upTo)).toMatchObject({ items: [], upTo });
      await store.rules.delete(change, 'goes');
      await store.scorecards.delete(change, 'a.example');
      await store.portfolios.delete(change, 'p');
      expect((await read(upTo)).items).toEqual([
        { kind: 'scorecard', workspace: 'default', id: 'a.example', scorecard: undefined },
        { kind: 'portfolio', workspace: 'default', id: 'p', portfolio: undefined },
        { kind: 'rule', workspace: 'default', id: 'goes', stored: undefined },
      ]);
      // Who reads everything has never heard of what is gone.
      expect((await read(0)).items).toMatchObject([{ id: 'stays' }]);
    });

    it('the change of a scorecard that a portfolio loses is the portfolio’s too', async () => {
      await store.portfolios.put(change, { id: 'p', name: null });
      await store.portfolios.addMembers(change, 'p', ['a']);
      const { upTo } = await read(0);
      await store.scorecards.delete(change, 'a');
      expect((await read(upTo)).items).toContainEqual(
        expect.objectContaining({ kind: 'portfolio', portfolio: { id: 'p', name: null, scorecards: [] } }),
      );
    });

    it('many things of one change come in chunks, and until the last one a reader is not done', async () => {
      const many = Array.from({ length: 1_203 }, (_, n) => ({ id: `card-${n}` }));
      await store.scorecards.import(change, many);
      const { items, largest } = await read(0);
      expect(new Set(items.map((item) => 'id' in item && item.id)).size).toBe(1_203);
      expect(largest).toBeLessThanOrEqual(1_000);
      for await (const { upTo } of store.feed.changes(0)) {
        expect(upTo).toBe(0);
        break;
      }
    });

    it('the clock counts every change, also those of other processes at the same moment', async () => {
      const other = await databases.open(settings);
      const before = await store.feed.clock();
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 === 0 ? store : other).rules.create(change, ruleDocument(`rule-${n}`)),
        ),
      );
      expect(await store.feed.clock()).toBe(before + 20);
      const entries = await store.audit.list('default', { limit: 100 });
      expect(new Set(entries.map(({ id }) => id)).size).toBe(20);
    });

    it('a reader of the clock never misses a change that is committed while it reads', async () => {
      const other = await databases.open(settings);
      const seen = new Set<string>();
      let upTo = 0;
      const writing = { isOver: false };
      const writers = Promise.all(
        [store, other].map(async (each, who) => {
          for (let n = 0; n < 15; n += 1) await each.rules.create(change, ruleDocument(`rule-${who}-${n}`));
        }),
      ).finally(() => (writing.isOver = true));
      let last = false;
      do {
        last = writing.isOver;
        const changes = await read(upTo);
        upTo = changes.upTo;
        for (const item of changes.items) if (item.kind === 'rule') seen.add(item.id);
      } while (!last);
      await writers;
      expect(seen.size).toBe(30);
    });

    it('listeners hear of changes that were committed, and of no others', async () => {
      let heard = 0;
      const end = store.feed.onLocalChange(() => (heard += 1));
      await store.rules.create(change, ruleDocument('watch'));
      await store.rules.create(change, ruleDocument('watch')).catch(() => undefined);
      expect(heard).toBe(1);
      end();
      await store.rules.delete(change, 'watch');
      expect(heard).toBe(1);
    });
  });

  describe('the live index', () => {
    const live: { close(): void }[] = [];
    afterEach(() => {
      for (const each of live.splice(0)) each.close();
    });
    const liveIndex = (feed: RuleFeed, pollMs: number) => {
      const index = createLiveRuleIndex(feed, { pollMs });
      live.push(index);
      return index;
    };
    const matched = (index: RuleIndex) =>
      index.match('default', fall('a.example')).map(({ rule, version }) => `${rule.id} ${version}`);

    it('has at once what this process changes', async () => {
      const index = liveIndex(store.feed, 60_000);
      await index.ready;
      await store.scorecards.put(change, followed('a.example'));
      await store.rules.create(change, ruleDocument('watch'));
      expect(matched(await index.current())).toEqual(['watch 1']);
      await store.rules.replace(change, 'watch', ruleDocument('watch', { name: 'New' }));
      expect(matched(await index.current())).toEqual(['watch 2']);
      await store.rules.delete(change, 'watch');
      expect(matched(await index.current())).toEqual([]);
    });

    it('has all that was there before it', async () => {
      await store.scorecards.put(change, followed('a.example'));
      await store.rules.create(change, ruleDocument('watch'));
      const other = await databases.open(settings);
      expect(matched(await liveIndex(other.feed, 60_000).current())).toEqual(['watch 1']);
    });

    it('takes over what another process changes', async () => {
      const other = await databases.open(settings);
      const index = liveIndex(store.feed, 20);
      await index.ready;
      await other.scorecards.put(change, followed('a.example'));
      await other.rules.create(change, ruleDocument('watch'));
      await until(async () => matched(await index.current()).length === 1);
      await other.scorecards.delete(change, 'a.example');
      await until(async () => matched(await index.current()).length === 0);
      expect((await index.current()).size).toBe(1);
    });

    it('answers as it was while the store is away, and waits for the store when it never had it', async () => {
      await store.scorecards.put(change, followed('a.example'));
      await store.rules.create(change, ruleDocument('watch'));
      const { feed, setAway } = interruptible(store.feed);
      setAway(true);
      const late = liveIndex(feed, 10);
      await expect(late.current()).rejects.toThrow(StoreAwayError);
      setAway(false);
      await late.ready;
      setAway(true);
      await store.rules.create(change, ruleDocument('another'));
      expect(matched(await late.current())).toEqual(['watch 1']);
      setAway(false);
      expect(matched(await late.current())).toEqual(['another 1', 'watch 1']);
    });
  });
});

/** A feed that can be away. */
function interruptible(feed: RuleFeed): { feed: RuleFeed; setAway: (away: boolean) => void } {
  let isAway = false;
  const check = () => {
    if (isAway) throw new StoreAwayError('away');
  };
  return {
    feed: {
      clock: async () => {
        check();
        return feed.clock();
      },
      changes: async function* (since) {
        check();
        yield* feed.changes(since);
      },
      onLocalChange: (listener) => feed.onLocalChange(listener),
    },
    setAway: (away) => {
      isAway = away;
    },
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
