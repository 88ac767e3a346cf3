import type { Store } from '../../src/store/store';
import { describeOnBothDatabases, newWorkspace } from '../support/stores';

const SCORED = { type: 'scorecard.changed', scorecard_id: 'Card-1', domain: 'example.com' } as const;

interface Said {
  id: string;
  scorecard?: string;
  domain?: string;
  current?: { score?: number; factors?: Record<string, number> };
  platform_score_date?: number;
  trial?: { rule_id: string };
}

describeOnBothDatabases((databases) => {
  let store: Store;
  let workspace: string;

  beforeEach(async () => {
    store = await databases.shared();
    ({ workspace } = await newWorkspace(store));
  });

  /** Takes events in, as their executions are on their way. */
  async function say(...said: Said[]): Promise<void> {
    for (const { id, scorecard = 'Card-1', domain = 'example.com', ...rest } of said) {
      const event = { type: 'scorecard.changed' as const, scorecard_id: scorecard, domain, id, ...rest };
      const { stored } = await store.events.register(workspace, { id, hash: id, event }, []);
      store.events.markStarted(workspace, stored);
    }
    // With this transaction the marks are written, and what the events said with them.
    const custom = { id: 'x', hash: 'x', event: { type: 'x', data: {}, id: 'x' } };
    await store.events.register(workspace, custom, []);
  }

  const stateOf = async (id: string, domain: string | null = null) =>
    (await store.scorecardStates.of(workspace, [{ id, domain }]))[0];

  it('a scorecard stands as the newest event has it, each factor by itself', async () => {
    await say(
      { id: 'a', current: { score: 90, factors: { dns_health: 95, ip_reputation: 80 } } },
      { id: 'b', current: { score: 78, factors: { dns_health: 61 } }, platform_score_date: 20261126 },
    );
    expect(await stateOf('card-1')).toEqual({
      domain: 'example.com',
      current: { score: 78, factors: { dns_health: 61, ip_reputation: 80 } },
      platformScoreDate: 20261126,
    });
  });

  it.each([
    ['its id', 'CARD-1', null],
    ['its domain', 'other', 'Example.com'],
    ['its domain as its id', 'example.com', null],
  ])('is found by %s', async (_by, id, domain) => {
    await say({ id: 'a', current: { score: 78 } });
    expect(await stateOf(id, domain)).toMatchObject({ current: { score: 78 } });
  });

  it('scorecards are answered for in their order', async () => {
    await say({ id: 'a', scorecard: 'one', domain: 'one.example', current: { score: 1 } });
    const asked = ['none', 'one'].map((id) => ({ id, domain: null }));
    expect(await store.scorecardStates.of(workspace, asked)).toEqual([
      undefined,
      { domain: 'one.example', current: { score: 1 } },
    ]);
  });

  it('a trial, an event without scores and one of another workspace tell nothing', async () => {
    await say({ id: 'a', current: { score: 1 }, trial: { rule_id: 'r' } }, { id: 'b' });
    ({ workspace } = await newWorkspace(store));
    await say({ id: 'c', current: { score: 2 }, scorecard: 'elsewhere', domain: 'elsewhere.example' });
    expect(await stateOf('card-1')).toBeUndefined();
  });

  it('an event that is written late does not undo a newer one', async () => {
    await say({ id: 'a', current: { score: 90 } });
    await say({ id: 'b', current: { score: 78 } });
    const late = { ...SCORED, id: 'late', current: { score: 60 } };
    store.events.markStarted(workspace, { id: 'late', event: late, receivedAt: '2020-01-01T00:00:00.000Z' });
    await say({ id: 'y', scorecard: 'z', domain: 'z.example' });
    expect(await stateOf('card-1')).toMatchObject({ current: { score: 78 } });
  });
});
