import { RuleIndex } from '../../../src/rules/rule-index';
import type { Rule } from '../../../src/rules/rule';
import { customEvent, eventRule, moved, ruleWith } from './builders';

const WORKSPACE = 'default';

function indexOf(...rules: Rule[]): RuleIndex {
  const index = new RuleIndex();
  index.putScorecard(WORKSPACE, { id: 'card-1', domain: 'example.com', mine: true, followed: false });
  for (const rule of rules) index.putRule(WORKSPACE, { rule, version: '1' });
  return index;
}

const changeRule = (id: string, changes: Record<string, unknown>) =>
  ruleWith({ id, filters: { changes, scorecards: { value: 'my_scorecard' } } });
const below = (id: string, threshold: number) => changeRule(id, { value: 'score_drop_threshold', threshold });
const idsOf = (index: RuleIndex, event: Parameters<RuleIndex['match']>[1], workspace = WORKSPACE) =>
  index.match(workspace, event).map(({ rule: { id } }) => id);

describe('the rule index', () => {
  it('finds the thresholds between two scores', () => {
    const thresholds = Array.from({ length: 100 }, (_, n) => below(`r${String(n).padStart(3, '0')}`, n + 1));
    expect(idsOf(indexOf(...thresholds), moved(50, 47.5))).toEqual(['r047', 'r048', 'r049']);
  });

  it('finds a threshold that was added after others were asked for', () => {
    const index = indexOf(below('a', 70), below('c', 90));
    idsOf(index, moved(95, 60));
    index.putRule(WORKSPACE, { rule: below('b', 80), version: '1' });
    expect(idsOf(index, moved(95, 60))).toEqual(['a', 'b', 'c']);
  });

  it('keeps the other thresholds when one rule goes', () => {
    const index = indexOf(below('a', 70), below('b', 70), below('c', 80), below('d', 90));
    for (const id of ['b', 'd']) index.deleteRule(WORKSPACE, id);
    expect(idsOf(index, moved(95, 60))).toEqual(['a', 'c']);
  });

  it('keeps thresholds through many edits', () => {
    const index = indexOf();
    for (let edit = 0; edit < 500; edit += 1) {
      index.putRule(WORKSPACE, { rule: below(`r${edit % 7}`, (edit % 97) + 1), version: String(edit) });
      idsOf(index, moved(95, 60));
    }
    // The last edits, 493 to 499, gave r3 to r2 the thresholds 9 to 15.
    expect(idsOf(index, moved(14, 10))).toEqual(['r0', 'r1', 'r5', 'r6']);
  });

  it('keeps the other rules at a condition when one goes', () => {
    const listening = (id: string, filter: object) => eventRule({ type: 'order.*', filter }, { id });
    const index = indexOf(
      listening('a', { customer: 'c1' }),
      listening('b', { customer: 'c1' }),
      listening('c', { customer: 'c2' }),
      listening('d', { customer: { $in: ['c2', 'c3'] } }),
    );
    for (const id of ['b', 'c', 'd']) index.deleteRule(WORKSPACE, id);
    expect(idsOf(index, customEvent('order.paid', { customer: ['c1', 'c2'] }))).toEqual(['a']);
  });

  it('keeps longer and shorter patterns when one goes', () => {
    const types = ['a', 'a.b', 'a.*', 'a.b.c', 'a.*.c'];
    const index = indexOf(...types.map((type, n) => eventRule({ type }, { id: `r${n}` })));
    index.deleteRule(WORKSPACE, 'r1');
    expect(idsOf(index, customEvent('a.b.c'))).toEqual(['r2', 'r3', 'r4']);
  });

  it('gives the edit of a rule, not what it was', () => {
    const index = indexOf(below('a', 80));
    index.putRule(WORKSPACE, { rule: below('a', 50), version: '2' });
    expect([idsOf(index, moved(90, 70)), index.match(WORKSPACE, moved(60, 40))]).toEqual([
      [],
      [expect.objectContaining({ version: '2', reason: 'score fell from 60 to 40, below 50' })],
    ]);
  });

  it('matches a paused rule, and tries one out', () => {
    const index = indexOf(ruleWith({ paused_at: '2026-07-01T00:00:00Z' }));
    const trial = { ...moved(90, 70), trial: { rule_id: 'a-rule' } };
    expect([idsOf(index, moved(90, 70)), idsOf(index, trial)]).toEqual([['a-rule'], ['a-rule']]);
  });

  it('keeps workspaces apart', () => {
    const index = indexOf(below('a', 80));
    index.putScorecard('other', { id: 'card-1', domain: null, mine: true, followed: true });
    expect([idsOf(index, moved(90, 70), 'other'), index.explain('other', 'a', moved(90, 70))]).toEqual([
      [],
      undefined,
    ]);
  });

  it('knows a scorecard’s domain as it is now', () => {
    const index = indexOf(below('a', 80));
    index.putScorecard(WORKSPACE, { id: 'x', domain: 'example.net', mine: true, followed: false });
    index.putScorecard(WORKSPACE, { id: 'x', domain: 'example.org', mine: true, followed: false });
    const about = (domain: string) => ({ ...moved(90, 70), scorecard_id: 'y', domain });
    expect([idsOf(index, about('example.net')), idsOf(index, about('example.org'))]).toEqual([[], ['a']]);
  });

  it('knows a portfolio’s scorecards by their domains, whichever came first', () => {
    const inVendors = { value: 'in_portfolio', portfolio_id: 'vendors' };
    const index = indexOf(ruleWith({ filters: { changes: { value: 'grade_drop' }, scorecards: inVendors } }));
    index.putPortfolio(WORKSPACE, { id: 'vendors', name: null, scorecards: ['Acme'] });
    index.putScorecard(WORKSPACE, { id: 'acme', domain: 'ACME.example', mine: false, followed: false });
    const event = { ...moved(90, 70), scorecard_id: 'y', domain: 'acme.example' };
    expect(idsOf(index, event)).toEqual(['a-rule']);
  });

  it('explains why a rule does not match', () => {
    expect(indexOf(below('a', 80)).explain(WORKSPACE, 'a', moved(90, 85))).toEqual({
      matches: false,
      reason: 'score went from 90 to 85, which is no drop below 80',
    });
  });

  it('tells some of the rules that do not match, in order, and how many there are', () => {
    const index = indexOf(below('c', 50), below('a', 50), below('b', 80), below('d', 50));
    expect(index.unmatched(WORKSPACE, moved(90, 70), 2)).toEqual({
      total: 3,
      rules: [
        { ruleId: 'a', reason: 'score went from 90 to 70, which is no drop below 50' },
        { ruleId: 'c', reason: 'score went from 90 to 70, which is no drop below 50' },
      ],
    });
  });

  it('counts the rules of all workspaces', () => {
    const index = indexOf(below('a', 50), below('b', 50));
    index.putRule('other', { rule: below('a', 50), version: '1' });
    index.deleteRule(WORKSPACE, 'b');
    expect(index.size).toBe(2);
  });
});
