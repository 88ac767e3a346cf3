import { match } from '../../../src/rules/match';
import type { ScorecardGroups } from '../../../src/rules/groups';
import {
  customEvent,
  eventRule,
  eventWith,
  factorsMoved,
  groupsWith,
  moved,
  ruleFor,
  ruleWith,
} from './builders';

const answer = (
  changes: Record<string, unknown>,
  event: ReturnType<typeof eventWith>,
  groups: Partial<ScorecardGroups> = {},
) => match(ruleFor(changes), event, groupsWith(groups));

describe('thresholds of the score', () => {
  it.each([
    [90, 78, true, 'score fell from 90 to 78, below 80'],
    [80, 79.9, true, 'score fell from 80 to 79.9, below 80'],
    [90, 80, false, 'score went from 90 to 80, which is no drop below 80'],
    [79, 60, false, 'score went from 79 to 60, which is no drop below 80'],
    [78, 90, false, 'score went from 78 to 90, which is no drop below 80'],
  ])('a drop from %d to %d, threshold 80: %s', (previous, current, matches, reason) => {
    expect(answer({ value: 'score_drop_threshold', threshold: 80 }, moved(previous, current))).toMatchObject({
      matches,
      reason,
    });
  });

  it.each([
    [78, 90, true, 'score rose from 78 to 90, to 80 or above'],
    [79.9, 80, true, 'score rose from 79.9 to 80, to 80 or above'],
    [80, 95, false, 'score went from 80 to 95, which is no rise to 80 or above'],
    [60, 79, false, 'score went from 60 to 79, which is no rise to 80 or above'],
    [90, 78, false, 'score went from 90 to 78, which is no rise to 80 or above'],
  ])('a rise from %d to %d, threshold 80: %s', (previous, current, matches, reason) => {
    expect(answer({ value: 'score_rise_threshold', threshold: 80 }, moved(previous, current))).toMatchObject({
      matches,
      reason,
    });
  });

  it('tells receivers the threshold and what crossed it', () => {
    expect(answer({ value: 'score_drop_threshold', threshold: 80 }, moved(90, 78))).toMatchObject({
      trigger: {
        type: 'score_drop_threshold',
        threshold: 80,
        previous: { score: 90 },
        current: { score: 78 },
      },
    });
  });

  it.each([
    ['nothing', {}],
    ['only now', { current: { score: 10 } }],
    ['only before', { previous: { score: 90 }, current: {} }],
  ])('an event with a score %s crosses nothing', (_case, changed) => {
    expect(answer({ value: 'score_drop_threshold', threshold: 80 }, eventWith(changed))).toEqual({
      matches: false,
      reason: 'the event has no score in both previous and current',
    });
  });
});

describe('grades', () => {
  it.each([
    ['any', 90, 78, true, 'grade fell from A (90) to C (78)'],
    ['any', 90, 89.5, true, 'grade fell from A (90) to B (89.5)'],
    ['any', 60, 59, true, 'grade fell from D (60) to F (59)'],
    ['any', 99, 90, false, 'grade went from A (99) to A (90), which is no drop'],
    ['any', 50, 0, false, 'grade went from F (50) to F (0), which is no drop'],
    ['C', 90, 78, true, 'grade fell from A (90) to C (78), to C or below'],
    ['C', 90, 20, true, 'grade fell from A (90) to F (20), to C or below'],
    ['C', 90, 80, false, 'grade went from A (90) to B (80), which is no drop to C or below'],
    ['C', 75, 65, false, 'grade went from C (75) to D (65), which is no drop to C or below'],
  ])('a drop to %s, from %d to %d: %s', (grade, previous, current, matches, reason) => {
    expect(answer({ value: 'grade_drop', grade }, moved(previous, current))).toMatchObject({
      matches,
      reason,
    });
  });

  it.each([
    ['any', 78, 90, true, 'grade rose from C (78) to A (90)'],
    ['any', 70, 79, false, 'grade went from C (70) to C (79), which is no rise'],
    ['B', 78, 81, true, 'grade rose from C (78) to B (81), to B or above'],
    ['B', 20, 95, true, 'grade rose from F (20) to A (95), to B or above'],
    ['B', 50, 75, false, 'grade went from F (50) to C (75), which is no rise to B or above'],
    ['B', 85, 95, false, 'grade went from B (85) to A (95), which is no rise to B or above'],
  ])('a rise to %s, from %d to %d: %s', (grade, previous, current, matches, reason) => {
    expect(answer({ value: 'grade_raise', grade }, moved(previous, current))).toMatchObject({
      matches,
      reason,
    });
  });

  it('tells receivers the grades with their scores', () => {
    expect(answer({ value: 'grade_drop' }, moved(90, 78))).toMatchObject({
      trigger: {
        type: 'grade_drop',
        grade: 'any',
        previous: { score: 90, grade: 'A' },
        current: { score: 78, grade: 'C' },
      },
    });
  });
});

describe('factors', () => {
  const fall = factorsMoved(
    { network_security: 92, dns_health: 85 },
    { network_security: 71, dns_health: 84 },
  );

  it('fires for one of the chosen factors, and tells only what crossed', () => {
    expect(
      answer(
        { value: 'factor_score_drop_threshold', factor: ['network_security', 'dns_health'], threshold: 80 },
        fall,
      ),
    ).toEqual({
      matches: true,
      reason: 'network_security score fell from 92 to 71, below 80',
      trigger: {
        type: 'factor_score_drop_threshold',
        threshold: 80,
        factors: { network_security: { previous: { score: 92 }, current: { score: 71 } } },
      },
    });
  });

  it('tells the grades of factors', () => {
    expect(answer({ value: 'factor_grade_drop', factor: 'network_security', grade: 'C' }, fall)).toEqual({
      matches: true,
      reason: 'network_security grade fell from A (92) to C (71), to C or below',
      trigger: {
        type: 'factor_grade_drop',
        grade: 'C',
        factors: {
          network_security: { previous: { score: 92, grade: 'A' }, current: { score: 71, grade: 'C' } },
        },
      },
    });
  });

  it.each([
    ['factor_grade_raise', { grade: 'any' }, 'ai_posture grade rose from C (70) to B (80)'],
    ['factor_score_rise_threshold', { threshold: 75 }, 'ai_posture score rose from 70 to 80, to 75 or above'],
  ])('%s sees a factor that nobody knew when all count', (value, setting, reason) => {
    expect(answer({ value, ...setting }, factorsMoved({ ai_posture: 70 }, { ai_posture: 80 }))).toMatchObject(
      { matches: true, reason },
    );
  });

  it('leaves other factors alone', () => {
    expect(answer({ value: 'factor_grade_drop', factor: 'dns_health' }, fall)).toEqual({
      matches: false,
      reason: 'dns_health grade went from B (85) to B (84), which is no drop',
    });
  });

  it('needs the factor on both sides', () => {
    expect(
      answer(
        { value: 'factor_grade_drop', factor: ['dns_health', 'cubit_score'] },
        factorsMoved({ dns_health: 90 }, { cubit_score: 10 }),
      ),
    ).toEqual({
      matches: false,
      reason: 'the event has no score of dns_health or cubit_score in both previous and current',
    });
  });

  it('does not take the names of object methods for factors', () => {
    expect(answer({ value: 'factor_grade_drop' }, factorsMoved({ constructor: 90 }, {}))).toEqual({
      matches: false,
      reason: 'the event has no score of a factor in both previous and current',
    });
  });

  it('names ten factors at most in its reason', () => {
    const many = (score: number) =>
      Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`factor_${n}`, score]));
    const { reason } = answer({ value: 'factor_grade_drop' }, factorsMoved(many(95), many(85)));
    expect(reason).toMatch(/factor_9 grade fell from A \(95\) to B \(85\); and 2 more$/);
  });
});

describe('new issues', () => {
  const event = eventWith({
    issues: {
      weak_tls: { active: { count: 2 }, severity: 'high' },
      no_csp: { active: { count: 26 }, departed: { count: 3 } },
      old_one: { active: { count: 0 }, departed: { count: 4 }, severity: 'high' },
      gone: { resolved: { count: 1 }, severity: 'high' },
    },
  });
  const issueTypes = new Map([
    ['no_csp', 'low'],
    ['weak_tls', 'info'],
  ] as const);

  it('any: all that are active', () => {
    expect(answer({ value: 'new_issues', selected: 'any' }, event)).toEqual({
      matches: true,
      reason: 'new issues: weak_tls (2), no_csp (26)',
      trigger: {
        type: 'new_issues',
        issues: {
          weak_tls: { active: { count: 2 } },
          no_csp: { active: { count: 26 }, departed: { count: 3 } },
        },
        selected: 'any',
      },
    });
  });

  it('by_type: those of the types', () => {
    expect(answer({ value: 'new_issues', selected: 'by_type', types: ['weak_tls', 'gone'] }, event)).toEqual({
      matches: true,
      reason: 'new issues of type weak_tls, gone: weak_tls (2)',
      trigger: {
        type: 'new_issues',
        issues: { weak_tls: { active: { count: 2 } } },
        selected: 'by_type',
        types: ['weak_tls', 'gone'],
      },
    });
  });

  it.each([
    ['low', ['weak_tls', 'no_csp']],
    ['medium', ['weak_tls']],
    ['high', ['weak_tls']],
  ])('by_severity %s: that or more severe, the event before the catalogue', (severity, types) => {
    const { trigger } = answer({ value: 'new_issues', selected: 'by_severity', severity }, event, {
      issueTypes,
    }) as {
      trigger?: { issues: object };
    };
    expect(Object.keys(trigger?.issues ?? {})).toEqual(types);
  });

  it('by_severity: nothing that severe is no match', () => {
    expect(
      answer({ value: 'new_issues', selected: 'by_severity', severity: 'critical' }, event, { issueTypes }),
    ).toEqual({
      matches: false,
      reason: 'there are no new issues of severity critical or more severe',
    });
  });

  it('by_severity: a type of unknown severity is left out, and named', () => {
    expect(answer({ value: 'new_issues', selected: 'by_severity', severity: 'high' }, event)).toMatchObject({
      matches: true,
      reason:
        'new issues of severity high or more severe: weak_tls (2); severity unknown, so left out: no_csp (add to issue_types)',
    });
  });

  it('an event without issues has no new ones', () => {
    expect(answer({ value: 'new_issues', selected: 'any' }, eventWith())).toEqual({
      matches: false,
      reason: 'there are no new issues',
    });
  });
});

describe('breaches', () => {
  it('fire when the event reports one', () => {
    expect(
      answer(
        { value: 'breach_reported' },
        eventWith({ breach: { company_name: 'Example', records_lost: 3 } }),
      ),
    ).toEqual({
      matches: true,
      reason: 'a breach was reported: Example',
      trigger: { type: 'breach_reported', breach: { company_name: 'Example', records_lost: 3 } },
    });
  });

  it.each([undefined, {}])('do not fire for %j', (breach) => {
    expect(answer({ value: 'breach_reported' }, eventWith({ breach }))).toEqual({
      matches: false,
      reason: 'the event reports no breach',
    });
  });
});

describe('the group of scorecards', () => {
  const event = moved(90, 78);
  const portfolio = { value: 'in_portfolio', portfolio_id: 'vendors' };
  const reasonOf = (scorecards: Record<string, unknown>, groups: Partial<ScorecardGroups>) =>
    match(ruleFor({ value: 'grade_drop' }, scorecards), event, groupsWith({ mine: new Set(), ...groups }))
      .reason;
  const matched = 'grade fell from A (90) to C (78)';

  it.each([
    ['my scorecard by domain', { value: 'my_scorecard' }, { mine: new Set(['example.com']) }, matched],
    ['my scorecard by id', { value: 'my_scorecard' }, { mine: new Set(['card-1']) }, matched],
    [
      'not my scorecard',
      { value: 'my_scorecard' },
      { followed: new Set(['card-1']) },
      'example.com is not my scorecard',
    ],
    ['followed', { value: 'followed' }, { followed: new Set(['card-1']) }, matched],
    [
      'not followed',
      { value: 'followed' },
      { mine: new Set(['card-1']) },
      'example.com is not a followed scorecard',
    ],
    [
      'in the portfolio',
      portfolio,
      { portfolios: new Map([['vendors', { scorecards: new Set(['example.com']) }]]) },
      matched,
    ],
    [
      'not in it',
      portfolio,
      { portfolios: new Map([['vendors', { scorecards: new Set<string>() }]]) },
      'example.com is not in portfolio vendors',
    ],
    [
      'not in it, by its name',
      portfolio,
      { portfolios: new Map([['vendors', { name: 'Our vendors', scorecards: new Set<string>() }]]) },
      'example.com is not in portfolio Our vendors',
    ],
    ['no such portfolio', portfolio, {}, 'example.com is not in portfolio vendors'],
  ])('%s', (_case, scorecards, groups, reason) => {
    expect(reasonOf(scorecards, groups)).toBe(reason);
  });
});

describe('a paused rule', () => {
  it('matches as any other, and says that it is held', () => {
    const rule = ruleWith({ paused_at: '2026-07-01T00:00:00Z' });
    expect(match(rule, moved(90, 78), groupsWith())).toMatchObject({
      matches: true,
      reason: expect.stringContaining('(held: the rule is paused since 2026-07-01T00:00:00Z)') as string,
    });
  });
});

describe('a trial', () => {
  const trial = { rule_id: 'a-rule' };

  it('runs no other rule, whatever the event would match', () => {
    const event = eventWith({ previous: { score: 90 }, current: { score: 78 }, trial: { rule_id: 'other' } });
    expect(match(ruleWith(), event, groupsWith())).toEqual({
      matches: false,
      reason: 'the event is a trial of another rule, other',
    });
  });

  it('runs its rule with the trigger that the event yields', () => {
    const event = eventWith({ previous: { score: 90 }, current: { score: 78 }, trial });
    expect(match(ruleWith(), event, groupsWith())).toEqual({
      matches: true,
      reason: 'a trial of this rule: grade fell from A (90) to C (78)',
      trigger: {
        type: 'grade_drop',
        grade: 'any',
        previous: { score: 90, grade: 'A' },
        current: { score: 78, grade: 'C' },
      },
    });
  });

  it('runs a paused rule, outside its group', () => {
    const rule = ruleWith({ paused_at: '2026-07-01T00:00:00Z' });
    expect(match(rule, eventWith({ trial }), groupsWith({ mine: new Set() })).matches).toBe(true);
  });

  it.each<[Record<string, unknown>, object]>([
    [{ value: 'grade_drop' }, { type: 'grade_drop', grade: 'any', trial: true }],
    [
      { value: 'factor_score_drop_threshold', threshold: 80 },
      { type: 'factor_score_drop_threshold', threshold: 80, factors: {}, trial: true },
    ],
    [
      { value: 'new_issues', selected: 'by_severity', severity: 'low' },
      { type: 'new_issues', issues: {}, selected: 'by_severity', severity: 'low', trial: true },
    ],
    [{ value: 'breach_reported' }, { type: 'breach_reported', breach: {}, trial: true }],
  ])('of %j that the event does not fire is marked, in the usual shape', (changes, trigger) => {
    expect(answer(changes, eventWith({ trial }))).toMatchObject({ matches: true, trigger });
  });
});

describe('events of a sender’s own', () => {
  const paid = customEvent('invoice.paid', { amount: 5 });

  it.each([
    ['invoice.paid', 'invoice.paid', true],
    ['invoice.paid', 'invoice.paid.twice', false],
    ['invoice.*', 'invoice.paid', true],
    ['invoice.*', 'invoice.line.added', true],
    ['invoice.*', 'invoice', false],
    ['invoice.*', 'invoices.paid', false],
    ['*.paid', 'invoice.paid', true],
    ['*.paid', 'eu.invoice.paid', false],
    ['eu.*.paid', 'eu.invoice.paid', true],
    ['*', 'ping', true],
    ['*', 'invoice.paid', true],
    ['*.*', 'ping', false],
  ])('a rule for %s and %s: %s', (pattern, type, matches) => {
    expect(match(eventRule({ type: pattern }), customEvent(type), groupsWith()).matches).toBe(matches);
  });

  it('match with their type and data as the trigger', () => {
    expect(match(eventRule({ type: 'invoice.*' }), paid, groupsWith())).toEqual({
      matches: true,
      reason: 'invoice.paid came in',
      trigger: { type: 'invoice.paid', data: { amount: 5 } },
    });
  });

  it('of another type do not match, and it is said why', () => {
    expect(match(eventRule({ type: 'order.*' }), paid, groupsWith())).toEqual({
      matches: false,
      reason: 'the rule listens to order.*, and this is invoice.paid',
    });
  });

  it('whose data the filter excludes do not match, and it is said why', () => {
    expect(match(eventRule({ type: '*', filter: { amount: { $gt: 5 } } }), paid, groupsWith())).toEqual({
      matches: false,
      reason: 'data.amount is 5, which is not above 5',
    });
  });

  it('never match a rule for changes of scorecards', () => {
    expect(
      match(ruleWith(), customEvent('invoice.paid', {}, { domain: 'example.com' }), groupsWith()),
    ).toEqual({
      matches: false,
      reason: 'the rule waits for scorecard.changed, and this is invoice.paid',
    });
  });

  it('are never scorecard.changed, whatever the pattern', () => {
    expect(match(eventRule({ type: '*' }), moved(90, 78), groupsWith())).toEqual({
      matches: false,
      reason: 'the rule listens to *, and this is scorecard.changed',
    });
  });

  describe('for a rule with a group of scorecards', () => {
    const rule = eventRule({ type: '*' }, { filters: { scorecards: { value: 'my_scorecard' } } });

    it.each([
      ['about one in it, by domain', { domain: 'example.com' }, 'ping came in'],
      ['about one in it, by id', { scorecard_id: 'Example.ORG' }, 'ping came in'],
      ['about another', { domain: 'example.net' }, 'example.net is not my scorecard'],
      ['about another, by id', { scorecard_id: 'x' }, 'x is not my scorecard'],
      ['about none', {}, 'the event is about no scorecard'],
    ])('%s', (_case, about, reason) => {
      expect(match(rule, customEvent('ping', {}, about), groupsWith()).reason).toBe(reason);
    });
  });

  it('that are trials run their rule, marked when they would not have fired it', () => {
    const trial = { rule_id: 'a-rule' };
    const event = customEvent('ping', { a: 1 }, { trial });
    expect([
      match(eventRule({ type: 'ping' }), event, groupsWith()),
      match(eventRule({ type: 'pong' }), event, groupsWith()),
      match(ruleWith(), event, groupsWith()),
    ]).toEqual([
      {
        matches: true,
        reason: 'a trial of this rule: ping came in',
        trigger: { type: 'ping', data: { a: 1 } },
      },
      {
        matches: true,
        reason: 'a trial of this rule: the rule listens to pong, and this is ping',
        trigger: { type: 'ping', data: { a: 1 }, trial: true },
      },
      {
        matches: true,
        reason: 'a trial of this rule: the rule waits for scorecard.changed, and this is ping',
        trigger: { type: 'grade_drop', grade: 'any', trial: true },
      },
    ]);
  });
});
