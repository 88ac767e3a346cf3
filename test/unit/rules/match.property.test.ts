import fc from 'fast-check';
import { eventSchema } from '../../../src/rules/event';
import { match } from '../../../src/rules/match';
import { ruleSchema } from '../../../src/rules/rule';
import { GRADES, SEVERITIES, gradeOf } from '../../../src/rules/scale';
import {
  anyChanges,
  anyScorecards,
  issue,
  issueType,
  measured,
  score,
  threshold,
  watching,
} from './arbitraries';
import { eventWith, groupsWith, moved, ruleFor } from './builders';

const anyRule = fc
  .record({ changes: anyChanges, scorecards: anyScorecards })
  .map(({ changes, scorecards }) => ruleFor(changes, scorecards));
const anyEvent = fc
  .record(
    {
      previous: measured,
      current: measured,
      issues: fc.dictionary(issueType, issue),
      breach: fc.record({ records_lost: fc.nat(), description: fc.string() }, { requiredKeys: [] }),
      trial: fc.record({ rule_id: fc.constantFrom('a-rule', 'other') }),
    },
    { requiredKeys: [] },
  )
  .map((changed) => eventWith(changed));
const anyGroups = fc
  .record({
    mine: fc.boolean(),
    followed: fc.boolean(),
    inPortfolio: fc.boolean(),
    severity: fc.constantFrom(...SEVERITIES),
  })
  .map(({ mine, followed, inPortfolio, severity }) =>
    groupsWith({
      mine: new Set(mine ? ['example.com'] : []),
      followed: new Set(followed ? ['card-1'] : []),
      portfolios: new Map([['vendors', { scorecards: new Set(inPortfolio ? ['example.com'] : []) }]]),
      issueTypes: new Map([['no_csp', severity]]),
    }),
  );

const fires = (changes: Record<string, unknown>, previous: number, current: number) =>
  match(ruleFor(changes), moved(previous, current), groupsWith()).matches;

describe('whatever the rule and the event', () => {
  it('an event in which nothing moved fires no rule that watches scores', () => {
    fc.assert(
      fc.property(watching, measured, (changes, same) => {
        const event = eventWith({ previous: same, current: same });
        expect(match(ruleFor(changes), event, groupsWith()).matches).toBe(false);
      }),
    );
  });

  it('a drop fires exactly when the score was at or above the threshold and is below it', () => {
    fc.assert(
      fc.property(threshold, score, score, (t, previous, current) => {
        expect(fires({ value: 'score_drop_threshold', threshold: t }, previous, current)).toBe(
          previous >= t && t > current,
        );
      }),
    );
  });

  it('no move fires both the drop and the rise of one threshold', () => {
    fc.assert(
      fc.property(threshold, score, score, (t, previous, current) => {
        const drop = fires({ value: 'score_drop_threshold', threshold: t }, previous, current);
        expect(drop && fires({ value: 'score_rise_threshold', threshold: t }, previous, current)).toBe(false);
      }),
    );
  });

  it('a move fires the drop exactly when the way back fires the rise', () => {
    fc.assert(
      fc.property(threshold, score, score, (t, previous, current) => {
        const drop = fires({ value: 'score_drop_threshold', threshold: t }, previous, current);
        expect(fires({ value: 'score_rise_threshold', threshold: t }, current, previous)).toBe(drop);
      }),
    );
  });

  it('a drop of any grade fires exactly when the order of grades falls', () => {
    const rank = (value: number) => GRADES.indexOf(gradeOf(value));
    fc.assert(
      fc.property(score, score, (previous, current) => {
        expect(fires({ value: 'grade_drop' }, previous, current)).toBe(rank(current) > rank(previous));
      }),
    );
  });

  it('a drop to a grade fires exactly when the threshold at its upper edge is crossed', () => {
    const upperEdge = { B: 90, C: 80, D: 70, F: 60 };
    fc.assert(
      fc.property(fc.constantFrom('B', 'C', 'D', 'F'), score, score, (grade, previous, current) => {
        expect(fires({ value: 'grade_drop', grade }, previous, current)).toBe(
          fires({ value: 'score_drop_threshold', threshold: upperEdge[grade] }, previous, current),
        );
      }),
    );
  });

  it('a raise to a grade fires exactly when the threshold at its lower edge is crossed', () => {
    const lowerEdge = { A: 90, B: 80, C: 70, D: 60 };
    fc.assert(
      fc.property(fc.constantFrom('A', 'B', 'C', 'D'), score, score, (grade, previous, current) => {
        expect(fires({ value: 'grade_raise', grade }, previous, current)).toBe(
          fires({ value: 'score_rise_threshold', threshold: lowerEdge[grade] }, previous, current),
        );
      }),
    );
  });

  it('the answer has a reason of one line, and never throws', () => {
    fc.assert(
      fc.property(anyRule, anyEvent, anyGroups, (rule, event, groups) => {
        expect(match(rule, event, groups).reason).toMatch(/^\S.*$/);
      }),
    );
  });

  it('a trigger names the rule’s kind and is plain JSON', () => {
    fc.assert(
      fc.property(anyRule, anyEvent, anyGroups, (rule, event, groups) => {
        const answer = match(rule, event, groups);
        const trigger = answer.matches ? answer.trigger : { type: rule.filters.changes.value };
        expect(JSON.parse(JSON.stringify(trigger))).toEqual({ ...trigger, type: rule.filters.changes.value });
      }),
    );
  });

  it('anything at all is either a valid rule or refused, without throwing', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(typeof ruleSchema.safeParse(value).success).toBe('boolean');
      }),
    );
  });

  it('anything at all is either a valid event or refused, without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(typeof eventSchema.safeParse(value).success).toBe('boolean');
      }),
    );
  });
});
