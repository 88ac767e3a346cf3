import { ruleSentence } from '../../../src/dashboard/rules/sentence';
import type { JsonObject } from '../../../src/shared/json';

const FOLLOWED = { value: 'followed' };
const STEP = { action: 'call_webhook', url: 'https://hooks.example.com/a' };

function waitingFor(changes: JsonObject, scorecards: JsonObject = FOLLOWED): JsonObject {
  return { filters: { changes, scorecards }, steps: [STEP] };
}

describe('a rule as a sentence', () => {
  it.each<[JsonObject, JsonObject, string]>([
    [
      { value: 'score_drop_threshold', threshold: 80 },
      FOLLOWED,
      'When the score drops below 80 for all followed scorecards',
    ],
    [
      { value: 'grade_drop', grade: 'C' },
      { value: 'my_scorecard' },
      'When the grade gets worse, to C or below for my scorecard',
    ],
    [
      { value: 'grade_raise' },
      { value: 'in_portfolio', portfolio_id: 'vendors' },
      'When the grade gets better for the portfolio vendors',
    ],
    [
      { value: 'factor_score_drop_threshold', threshold: 70, factor: ['dns_health', 'ip_reputation'] },
      FOLLOWED,
      'When the score of DNS health or IP reputation drops below 70 for all followed scorecards',
    ],
    [
      { value: 'factor_grade_raise', factor: 'any', grade: 'B' },
      FOLLOWED,
      'When a factor’s grade gets better, to B or above for all followed scorecards',
    ],
    [
      { value: 'new_issues', selected: 'by_severity', severity: 'high' },
      FOLLOWED,
      'When new issues of severity high or higher appear for all followed scorecards',
    ],
    [
      { value: 'new_issues', selected: 'by_type', types: ['csp_no_policy'] },
      FOLLOWED,
      'When new issues of type csp_no_policy appear for all followed scorecards',
    ],
    [{ value: 'breach_reported' }, FOLLOWED, 'When a breach is reported for all followed scorecards'],
  ])('tells the change and the scorecards of %j', (changes, scorecards, beginning) => {
    expect(ruleSentence(waitingFor(changes, scorecards))).toBe(
      `${beginning}, call a webhook at hooks.example.com.`,
    );
  });

  it('tells when it is time, and for which scorecards', () => {
    const rule = { schedule: { cron: '0 9 * * 1' }, filters: { scorecards: FOLLOWED }, steps: [STEP] };
    expect(ruleSentence(rule)).toBe(
      'When it is time (0 9 * * 1) for all followed scorecards, call a webhook at hooks.example.com.',
    );
  });

  it('tells an event of the sender’s own, and that it has a filter', () => {
    const rule = { event: { type: 'invoice.*', filter: { amount: { $gt: 5 } } }, steps: [STEP] };
    expect(ruleSentence(rule)).toBe(
      'When invoice.* arrives and fits its filter, call a webhook at hooks.example.com.',
    );
  });

  it('counts the webhooks, and names their hosts when they are few', () => {
    const steps = ['https://a.example.com/1', 'https://b.example.com/2'].map((url) => ({ ...STEP, url }));
    expect(ruleSentence({ ...waitingFor({ value: 'breach_reported' }), steps })).toMatch(
      /call 2 webhooks at a\.example\.com and b\.example\.com\.$/,
    );
  });

  it('says nothing wrong of a rule that is only being written', () => {
    expect(ruleSentence({ steps: [], filters: { changes: { value: 'score_drop_threshold' } } })).toBe(
      'When the score drops below …, call nothing yet.',
    );
  });
});
