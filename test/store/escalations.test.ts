import { randomUUID } from 'node:crypto';
import type { NewEscalation } from '../../src/shared/escalations';
import type { Store } from '../../src/store/store';
import { describeOnBothDatabases } from '../support/stores';

const HOUR = 3_600_000;

function escalation(workspace: string, executionId: string, at: string): NewEscalation {
  return {
    workspace,
    executionId,
    ruleId: 'watch',
    ruleName: 'Score watch',
    domain: 'example.com',
    origin: 'https://hooks.example.com',
    url: 'https://hooks.example.com/x',
    error: '503',
    at: `2026-01-05T${at}:00.000Z`,
    owner: { name: 'Ada', email: 'ada@example.com' },
  };
}

describeOnBothDatabases((databases) => {
  let store: Store;
  let workspace: string;
  const record = (id: string, at: string, digestMs = HOUR) =>
    store.escalations.record(escalation(workspace, id, at), digestMs);
  const gather = (noticeId: string, next = '2026-01-05T10:00:00.000Z') =>
    store.escalations.gather({ workspace, ruleId: 'watch' }, noticeId, next);
  const idsOf = async (noticeId: string, offset = 0, limit = 100) =>
    (await store.escalations.ofNotice(workspace, noticeId, { offset, limit })).map(
      ({ executionId }) => executionId,
    );

  beforeEach(async () => {
    store = await databases.shared();
    workspace = randomUUID();
  });

  it('the first escalation of a rule is told alone, and its notice is its own', async () => {
    expect(await record('a', '08:00')).toEqual({ kind: 'alone' });
    expect(await idsOf('a')).toEqual(['a']);
  });

  it('those within the hour after it are gathered, and the first of them is known as that', async () => {
    await record('a', '08:00');
    const until = '2026-01-05T09:00:00.000Z';
    expect(await record('b', '08:10')).toEqual({ kind: 'gathered', until, isFirst: true });
    expect(await record('c', '08:59')).toEqual({ kind: 'gathered', until, isFirst: false });
  });

  it('one after the hour is told alone again', async () => {
    await record('a', '08:00');
    expect(await record('b', '09:00')).toEqual({ kind: 'alone' });
  });

  it('one that comes while a digest is late goes into that', async () => {
    await record('a', '08:00');
    await record('b', '08:10');
    expect(await record('c', '12:00')).toMatchObject({ kind: 'gathered', isFirst: false });
  });

  it('recording one again gives the same decision and no second row', async () => {
    await record('a', '08:00');
    await record('b', '08:10');
    expect(await record('a', '08:20')).toEqual({ kind: 'alone' });
    expect(await record('b', '11:00', 0)).toMatchObject({ kind: 'gathered', isFirst: true });
    expect(await gather('n')).toBe(1);
  });

  it('without a digest each is told alone', async () => {
    await record('a', '08:00', 0);
    expect(await record('b', '08:00', 0)).toEqual({ kind: 'alone' });
  });

  it('a digest takes all that were gathered, in pages, and only once', async () => {
    await record('a', '08:00');
    for (const id of ['b', 'c', 'd']) await record(id, '08:10');
    expect(await gather('n')).toBe(3);
    expect(await gather('m')).toBe(0);
    expect(await idsOf('n', 1, 1)).toEqual(['c']);
    expect(await store.escalations.notice(workspace, 'n')).toMatchObject({
      total: 3,
      rule: { id: 'watch', name: 'Score watch' },
      owner: { name: 'Ada', email: 'ada@example.com' },
    });
  });

  it('after a digest the next window is open: what comes in it is gathered', async () => {
    await record('a', '08:00');
    await record('b', '08:10');
    await gather('n');
    expect(await record('c', '09:30')).toEqual({
      kind: 'gathered',
      until: '2026-01-05T10:00:00.000Z',
      isFirst: true,
    });
  });

  it('of many at once one alone is told alone, and the others are gathered', async () => {
    const ids = Array.from({ length: 20 }, (_, nth) => `e-${nth}`);
    const decisions = await Promise.all(ids.map((id) => record(id, '08:00')));
    expect(decisions.filter(({ kind }) => kind === 'alone')).toHaveLength(1);
    expect(decisions.filter((each) => each.kind === 'gathered' && each.isFirst)).toHaveLength(1);
    expect(await gather('n')).toBe(19);
  });

  it('forgets old ones, but none that nobody was told of', async () => {
    await record('a', '08:00');
    await record('b', '08:10');
    await store.escalations.deleteBefore('2026-01-06');
    expect(await idsOf('a')).toEqual([]);
    expect(await gather('n')).toBe(1);
  });
});
