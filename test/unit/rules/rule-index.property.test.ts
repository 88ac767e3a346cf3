import fc from 'fast-check';
import { customEventSchema } from '../../../src/rules/custom-event';
import { eventSchema } from '../../../src/rules/event';
import type { IncomingEvent } from '../../../src/rules/event';
import { groupKey } from '../../../src/rules/groups';
import type { ScorecardGroups } from '../../../src/rules/groups';
import { match } from '../../../src/rules/match';
import { RuleIndex } from '../../../src/rules/rule-index';
import type { Rule } from '../../../src/rules/rule';
import { SEVERITIES } from '../../../src/rules/scale';
import type { Severity } from '../../../src/rules/scale';
import { eventInput, ruleWith } from './builders';

const WORKSPACES = ['default', 'other'];
const PORTFOLIOS = ['vendors', 'banks'];
const CARDS = ['card-1', 'Card-2', 'example.com', 'example.org'];
const DOMAINS = ['example.com', 'EXAMPLE.org', 'example.net'];

/** The index's data kept as plainly as can be, and looked through from one end to the other. */
class LinearRules {
  readonly rules = new Map<string, Rule>();
  readonly scorecards = new Map<string, { domain: string | null; mine: boolean; followed: boolean }>();
  readonly portfolios = new Map<string, { name: string | null; scorecards: string[] }>();
  issueTypes: Record<string, Severity> = {};

  match(event: IncomingEvent) {
    const groups = this.groups();
    return [...this.rules.values()]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .flatMap((rule) => {
        const found = match(rule, event, groups);
        return found.matches ? [{ rule, version: '1', reason: found.reason, trigger: found.trigger }] : [];
      });
  }

  private groups(): ScorecardGroups {
    const keysOf = (id: string) => {
      const domain = this.scorecards.get(groupKey(id))?.domain ?? null;
      return [id, ...(domain === null ? [] : [domain])].map(groupKey);
    };
    const those = (wanted: 'mine' | 'followed') =>
      new Set([...this.scorecards].filter(([, card]) => card[wanted]).flatMap(([id]) => keysOf(id)));
    return {
      mine: those('mine'),
      followed: those('followed'),
      portfolios: new Map(
        [...this.portfolios].map(([id, { name, scorecards }]) => [
          id,
          { ...(name !== null && { name }), scorecards: new Set(scorecards.flatMap(keysOf)) },
        ]),
      ),
      issueTypes: new Map(Object.entries(this.issueTypes)),
    };
  }
}

const ruleId = fc.integer({ min: 1, max: 40 }).map((number) => `rule-${number}`);
const group = fc.oneof(
  fc.record({ value: fc.constantFrom('my_scorecard', 'followed') }),
  fc.record({ value: fc.constant('in_portfolio'), portfolio_id: fc.constantFrom(...PORTFOLIOS, 'none') }),
);
const simple = fc.constantFrom<unknown>('c1', 'c2', 1, '1', 0, true, null);
const condition = fc.oneof(
  simple,
  fc.record({ $eq: simple }),
  fc.record({ $in: fc.array(simple, { maxLength: 3 }) }),
  fc.record({ $in: fc.array(simple, { maxLength: 3 }), $ne: simple }),
  fc.record({ $ne: simple }),
  fc.record({ $gt: fc.constantFrom(0, 1) }),
  fc.record({ $exists: fc.boolean() }),
  fc.constant({ list: ['c1'] }),
);
const path = fc.constantFrom(
  'customer',
  'customer.id',
  'lines.sku',
  'lines.length',
  'customer.length',
  'lines.0',
  'toString',
);
const filter = fc.oneof(
  fc.dictionary(path, condition, { maxKeys: 3 }),
  fc.record({
    $or: fc.array(fc.dictionary(path, condition, { maxKeys: 2 }), { minLength: 1, maxLength: 2 }),
  }),
);
const pattern = fc.constantFrom('ping', 'a.b', 'a.*', '*', '*.b', 'a.*.c', '*.*', 'a.b.*');

/** Few scores, all at edges, so that rules and events meet. */
const score = fc.constantFrom(0, 59.9, 60, 70, 75, 79.9, 80, 89.9, 90, 100);
const threshold = score.filter((each) => each > 0);
const factorName = fc.constantFrom('dns_health', 'cubit_score');
const factor = fc.oneof(fc.constant('any'), factorName, fc.constant(['dns_health', 'cubit_score']));
const drop = fc.constantFrom('any', 'B', 'C', 'D', 'F');
const raise = fc.constantFrom('any', 'A', 'B', 'C', 'D');
const type = fc.constantFrom('no_csp', 'weak_tls', 'toString');
const changes = fc.oneof(
  fc.record({ value: fc.constant('grade_drop'), grade: drop }),
  fc.record({ value: fc.constant('grade_raise'), grade: raise }),
  fc.record({ value: fc.constant('factor_grade_drop'), factor, grade: drop }),
  fc.record({ value: fc.constant('factor_grade_raise'), factor, grade: raise }),
  fc.record({ value: fc.constantFrom('score_drop_threshold', 'score_rise_threshold'), threshold }),
  fc.record({
    value: fc.constantFrom('factor_score_drop_threshold', 'factor_score_rise_threshold'),
    factor,
    threshold,
  }),
  fc.constant({ value: 'new_issues', selected: 'any' }),
  fc.record({
    value: fc.constant('new_issues'),
    selected: fc.constant('by_severity'),
    severity: fc.constantFrom(...SEVERITIES),
  }),
  fc.record({
    value: fc.constant('new_issues'),
    selected: fc.constant('by_type'),
    types: fc.array(type, { minLength: 1, maxLength: 2 }),
  }),
  fc.constant({ value: 'breach_reported' }),
);

type Part = Record<string, unknown>;
const paused_at = fc.option(fc.constant('2026-07-01T00:00:00Z'), { freq: 10 });
const ruleOf = (what: fc.Arbitrary<Part>) =>
  fc
    .record({ id: ruleId, paused_at, what })
    .map(({ what: part, ...rest }) => ruleWith({ filters: undefined, ...part, ...rest }));
const changeRule = (scorecards: fc.Arbitrary<unknown>) =>
  ruleOf(fc.record({ filters: fc.record({ changes, scorecards }) }));
const eventRule = (filters: fc.Arbitrary<unknown>) =>
  ruleOf(fc.record({ event: fc.record({ type: pattern, filter }, { requiredKeys: ['type'] }), filters }));
const grouped = fc.option(fc.record({ scorecards: group }), { nil: undefined });

const cards = fc.subarray(['card-1', 'CARD-2', 'example.com', 'example.org', 'unknown']);
type Edit =
  | { do: 'putRule'; rule: Rule }
  | { do: 'deleteRule'; id: string }
  | { do: 'putScorecard'; id: string; domain: string | null; mine: boolean; followed: boolean }
  | { do: 'deleteScorecard'; id: string }
  | { do: 'putPortfolio'; id: string; name: string | null; scorecards: string[] }
  | { do: 'deletePortfolio'; id: string }
  | { do: 'setIssueTypes'; severities: Record<string, Severity> };

const ruleEdit = (rule: fc.Arbitrary<Rule>): fc.Arbitrary<Edit> =>
  fc.oneof(
    { weight: 4, arbitrary: rule.map((each): Edit => ({ do: 'putRule', rule: each })) },
    { weight: 1, arbitrary: ruleId.map((id): Edit => ({ do: 'deleteRule', id })) },
  );
const groupEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    do: fc.constant('putScorecard' as const),
    id: fc.constantFrom(...CARDS),
    domain: fc.option(fc.constantFrom(...DOMAINS)),
    mine: fc.boolean(),
    followed: fc.boolean(),
  }),
  fc.record({ do: fc.constant('deleteScorecard' as const), id: fc.constantFrom(...CARDS) }),
  fc.record({
    do: fc.constant('putPortfolio' as const),
    id: fc.constantFrom(...PORTFOLIOS),
    name: fc.option(fc.constant('A name')),
    scorecards: cards,
  }),
  fc.record({ do: fc.constant('deletePortfolio' as const), id: fc.constantFrom(...PORTFOLIOS) }),
);
const issueTypesEdit: fc.Arbitrary<Edit> = fc.record({
  do: fc.constant('setIssueTypes' as const),
  severities: fc.dictionary(type, fc.constantFrom(...SEVERITIES)),
});

const trial = fc.option(fc.record({ rule_id: ruleId }), { freq: 10, nil: undefined });
const measured = fc.record({ score, factors: fc.dictionary(factorName, score) }, { requiredKeys: ['score'] });
const issue = fc.record(
  { active: fc.record({ count: fc.nat({ max: 1 }) }), severity: fc.constantFrom(...SEVERITIES) },
  { requiredKeys: [] },
);
const scorecardEvent = fc
  .record(
    {
      scorecard_id: fc.constantFrom('card-1', 'card-2', 'x'),
      domain: fc.constantFrom('example.com', 'example.org', 'example.net'),
      previous: measured,
      current: measured,
      issues: fc.dictionary(type, issue, { maxKeys: 2 }),
      breach: fc.constantFrom({}, { description: 'x' }),
      trial,
    },
    { requiredKeys: ['scorecard_id', 'domain', 'previous', 'current'] },
  )
  .map((changed): IncomingEvent => eventSchema.parse(eventInput(changed)));
const data = fc.record(
  {
    customer: fc.oneof(simple, fc.record({ id: fc.oneof(simple, fc.array(simple)) }), fc.array(simple)),
    lines: fc.oneof(simple, fc.array(fc.oneof(simple, fc.record({ sku: simple }), fc.array(simple)))),
    length: simple,
  },
  { requiredKeys: [] },
);
const customEvent = fc
  .record(
    {
      type: fc.constantFrom('ping', 'a.b', 'a.b.c', 'a.x.c', 'x.b', 'a'),
      data,
      scorecard_id: fc.constantFrom('card-1', 'x'),
      domain: fc.constantFrom('example.com', 'example.net'),
      trial,
    },
    { requiredKeys: ['type', 'data'] },
  )
  .map((event): IncomingEvent => customEventSchema.parse(event));

function apply(index: RuleIndex, linear: LinearRules, workspace: string, each: Edit): void {
  switch (each.do) {
    case 'putRule':
      index.putRule(workspace, { rule: each.rule, version: '1' });
      linear.rules.set(each.rule.id, each.rule);
      break;
    case 'deleteRule':
      index.deleteRule(workspace, each.id);
      linear.rules.delete(each.id);
      break;
    case 'putScorecard':
      index.putScorecard(workspace, each);
      linear.scorecards.set(groupKey(each.id), each);
      break;
    case 'deleteScorecard':
      index.deleteScorecard(workspace, each.id);
      linear.scorecards.delete(groupKey(each.id));
      break;
    case 'putPortfolio':
      index.putPortfolio(workspace, each);
      linear.portfolios.set(each.id, each);
      break;
    case 'deletePortfolio':
      index.deletePortfolio(workspace, each.id);
      linear.portfolios.delete(each.id);
      break;
    case 'setIssueTypes':
      index.setIssueTypes(workspace, each.severities);
      linear.issueTypes = each.severities;
      break;
  }
}

interface Moment {
  workspace: string;
  edits: Edit[];
  events: IncomingEvent[];
}

/** Edits, events, edits, events. */
const historyOf = (edit: fc.Arbitrary<Edit>, event: fc.Arbitrary<IncomingEvent>): fc.Arbitrary<Moment[]> =>
  fc.array(
    fc.record({
      workspace: fc.constantFrom(...WORKSPACES),
      edits: fc.array(edit, { maxLength: 30, size: 'max' }),
      events: fc.array(event, { maxLength: 6, size: 'max' }),
    }),
    { maxLength: 5, size: 'max' },
  );

const mine = fc.constant({ value: 'my_scorecard' });
const ownCard: Edit = {
  do: 'putScorecard',
  id: 'card-1',
  domain: 'example.com',
  mine: true,
  followed: false,
};
const everything = historyOf(
  fc.oneof(ruleEdit(changeRule(group)), ruleEdit(eventRule(grouped)), groupEdit, issueTypesEdit),
  fc.oneof(scorecardEvent, customEvent),
);

/** Plays a history, edits and events one after the other: what was asked earlier must not change later answers. */
function play(
  history: Moment[],
  onEvent: (at: { index: RuleIndex; workspace: string; linear: LinearRules; event: IncomingEvent }) => void,
): void {
  const index = new RuleIndex();
  const workspaces = new Map(WORKSPACES.map((workspace) => [workspace, new LinearRules()]));
  for (const { workspace, edits, events } of history) {
    const linear = workspaces.get(workspace) ?? new LinearRules();
    for (const each of [ownCard, ...edits]) apply(index, linear, workspace, each);
    for (const event of events) onEvent({ index, workspace, linear, event });
  }
}

describe('the index matches what a look at every rule matches', () => {
  it.each<[string, fc.Arbitrary<Moment[]>]>([
    [
      'changes of scorecards',
      historyOf(
        fc.oneof({ weight: 9, arbitrary: ruleEdit(changeRule(mine)) }, issueTypesEdit),
        scorecardEvent,
      ),
    ],
    ['events of senders’ own', historyOf(ruleEdit(eventRule(fc.constant(undefined))), customEvent)],
    [
      'groups of scorecards',
      historyOf(
        fc.oneof(
          ruleEdit(
            ruleOf(
              fc.record({ event: fc.constant({ type: '*' }), filters: fc.record({ scorecards: group }) }),
            ),
          ),
          { weight: 2, arbitrary: groupEdit },
        ),
        customEvent,
      ),
    ],
    ['all of it', everything],
  ])('%s', (_case, history) => {
    fc.assert(
      fc.property(history, (moments) => {
        play(moments, ({ index, workspace, linear, event }) => {
          expect(index.match(workspace, event)).toEqual(linear.match(event));
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('the rules that do not match', () => {
  it('are all the others', () => {
    fc.assert(
      fc.property(everything, (moments) => {
        play(moments, ({ index, workspace, linear, event }) => {
          const { total, rules } = index.unmatched(workspace, event, 1_000);
          const matched = index.match(workspace, event).map(({ rule: { id } }) => id);
          expect({ total, ids: [...matched, ...rules.map(({ ruleId: id }) => id)].sort() }).toEqual({
            total: rules.length,
            ids: [...linear.rules.keys()].sort(),
          });
        });
      }),
      { numRuns: 50 },
    );
  });
});
