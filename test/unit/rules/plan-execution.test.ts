import { planExecution } from '../../../src/rules/plan-execution';
import { customEvent, eventWith, ruleWith } from './builders';

const trigger = { type: 'grade_drop', grade: 'any' } as const;
const plan = (changedRule: Record<string, unknown> = {}, changedEvent: Record<string, unknown> = {}) =>
  planExecution({
    rule: ruleWith(changedRule),
    version: 'abc123',
    event: eventWith(changedEvent),
    eventId: 'evt-1',
    trigger,
    workspace: 'default',
    test: false,
    executionId: '87b786f3-76c9-4a2e-a44b-985be679ef80',
  });

describe('the plan of an execution', () => {
  it('names the rule, its version, the event and its kind', () => {
    expect(plan({ name: 'Drop' })).toMatchObject({
      executionId: '87b786f3-76c9-4a2e-a44b-985be679ef80',
      rule: { id: 'a-rule', version: 'abc123', name: 'Drop' },
      event: { id: 'evt-1', type: 'grade_drop' },
    });
  });

  it('has a message of the contract’s fields alone when the event has no more', () => {
    expect(plan().message).toEqual({ scorecard_id: 'card-1', domain: 'example.com', trigger });
  });

  it('passes on what real posts carry beside them', () => {
    const more = {
      previous: { score: 90, factors: { dns_health: 95 } },
      current: { score: 78 },
      platform_score_date: 20260710,
    };
    expect(plan({}, { ...more, issues: {} }).message).toEqual({
      scorecard_id: 'card-1',
      domain: 'example.com',
      trigger,
      ...more,
    });
  });

  it('shows the steps’ URLs without their queries, which may hold secrets', () => {
    const steps = [
      { action: 'call_webhook', url: 'https://example.com:8443/a?token=secret' },
      { id: 'second', action: 'call_webhook', url: 'http://example.org' },
    ];
    expect(plan({ steps }).steps).toEqual([
      { id: 'step-1', target: 'https://example.com:8443/a' },
      { id: 'second', target: 'http://example.org/' },
    ]);
  });

  it('has the rule’s retry delays', () => {
    expect(plan({ retry_schedule: ['1m', '2h'] }).retryDelaysMs).toEqual([60_000, 7_200_000]);
  });

  it('has the type and data of a sender’s own event, and a scorecard only when there is one', () => {
    const own = { type: 'invoice.paid', data: { amount: 5 } };
    const { event, message } = planExecution({
      rule: ruleWith({ filters: undefined, event: { type: 'invoice.*' } }),
      version: '1',
      event: customEvent('invoice.paid', { amount: 5 }),
      eventId: 'evt-1',
      trigger: own,
      executionId: '87b786f3-76c9-4a2e-a44b-985be679ef80',
      workspace: 'default',
      test: true,
    });
    expect({ event, message }).toEqual({
      event: { id: 'evt-1', type: 'invoice.paid' },
      message: { trigger: own },
    });
  });
});
