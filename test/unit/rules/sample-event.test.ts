import fc from 'fast-check';
import { eventSchema } from '../../../src/rules/event';
import { match } from '../../../src/rules/match';
import { sampleEvent } from '../../../src/rules/sample-event';
import { anyChanges, anyScorecards } from './arbitraries';
import { eventRule, groupsWith, ruleFor, ruleWith } from './builders';

describe('the sample event of a rule', () => {
  it('fires it as a real event would, whatever the change', () => {
    fc.assert(
      fc.property(anyChanges, anyScorecards, (changes, scorecards) => {
        const rule = ruleFor(changes, scorecards);
        const answer = match(rule, sampleEvent(rule), groupsWith());
        expect(answer).toMatchObject({ matches: true, trigger: { type: changes.value } });
        expect(answer).not.toHaveProperty('trigger.trial');
      }),
    );
  });

  it('is a valid event', () => {
    fc.assert(
      fc.property(anyChanges, (changes) => {
        expect(eventSchema.safeParse(sampleEvent(ruleFor(changes))).success).toBe(true);
      }),
    );
  });

  it('runs its rule even when that is paused', () => {
    const rule = ruleWith({ paused_at: '2026-07-01T00:00:00Z' });
    expect(match(rule, sampleEvent(rule), groupsWith()).matches).toBe(true);
  });

  it.each([
    ['invoice.paid', 'invoice.paid'],
    ['invoice.*', 'invoice.sample'],
    ['*', 'sample'],
    ['*.paid', 'sample.paid'],
    [`${'*.'.repeat(49)}*`, `${'x.'.repeat(49)}x`],
  ])('of a rule that listens to %s has the type %s and no data', (pattern, type) => {
    expect(sampleEvent(eventRule({ type: pattern }))).toEqual({
      type,
      data: {},
      trial: { rule_id: 'a-rule' },
    });
  });

  it('of a rule that listens to events fires it without a mark', () => {
    const rule = eventRule({ type: 'a.*' }, { filters: { scorecards: { value: 'followed' } } });
    expect(match(rule, sampleEvent(rule), groupsWith())).toMatchObject({
      trigger: { type: 'a.sample', data: {} },
    });
  });

  it('of a rule with a filter that no data passes is marked as a trial', () => {
    const rule = eventRule({ type: 'a', filter: { amount: 5 } });
    expect(match(rule, sampleEvent(rule), groupsWith())).toMatchObject({ trigger: { trial: true } });
  });
});
