import fc from 'fast-check';
import { FACTORS, SEVERITIES } from '../../../src/rules/scale';

export const score = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 100, noNaN: true }));
export const threshold = fc.oneof(
  fc.integer({ min: 1, max: 100 }),
  fc.double({ min: 0.001, max: 100, noNaN: true }),
);
const factors = fc.dictionary(fc.constantFrom(...FACTORS, 'ai_posture', 'constructor', '0'), score);
export const measured = fc.record({ score, factors }, { requiredKeys: [] });
const factor = fc.oneof(
  fc.constant('any'),
  fc.constantFrom(...FACTORS),
  fc.subarray([...FACTORS], { minLength: 1 }),
);

/** Each rule kind that watches scores. */
export const watching = fc.oneof(
  fc.record({ value: fc.constant('grade_drop'), grade: fc.constantFrom('any', 'B', 'C', 'D', 'F') }),
  fc.record({ value: fc.constant('grade_raise'), grade: fc.constantFrom('any', 'A', 'B', 'C', 'D') }),
  fc.record({
    value: fc.constant('factor_grade_drop'),
    factor,
    grade: fc.constantFrom('any', 'B', 'C', 'D', 'F'),
  }),
  fc.record({
    value: fc.constant('factor_grade_raise'),
    factor,
    grade: fc.constantFrom('any', 'A', 'B', 'C', 'D'),
  }),
  fc.record({ value: fc.constantFrom('score_drop_threshold', 'score_rise_threshold'), threshold }),
  fc.record({
    value: fc.constantFrom('factor_score_drop_threshold', 'factor_score_rise_threshold'),
    factor,
    threshold,
  }),
);

const count = fc.record({ count: fc.nat() });
export const issue = fc.record(
  { active: count, departed: count, resolved: count, severity: fc.constantFrom(...SEVERITIES) },
  { requiredKeys: [] },
);
export const issueType = fc.constantFrom('no_csp', 'weak_tls', 'toString', '__proto__');
export const anyChanges = fc.oneof(
  watching,
  fc.record({ value: fc.constant('new_issues'), selected: fc.constant('any') }),
  fc.record({
    value: fc.constant('new_issues'),
    selected: fc.constant('by_severity'),
    severity: fc.constantFrom(...SEVERITIES),
  }),
  fc.record({
    value: fc.constant('new_issues'),
    selected: fc.constant('by_type'),
    types: fc.array(issueType, { minLength: 1 }),
  }),
  fc.record({ value: fc.constant('breach_reported') }),
);
export const anyScorecards = fc.oneof(
  fc.record({ value: fc.constantFrom('my_scorecard', 'followed') }),
  fc.record({ value: fc.constant('in_portfolio'), portfolio_id: fc.constantFrom('vendors', 'none') }),
);
