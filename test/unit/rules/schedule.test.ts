import fc from 'fast-check';
import { eventSchema } from '../../../src/rules/event';
import { match } from '../../../src/rules/match';
import { problemLine, problemsOf } from '../../../src/rules/problems';
import { ruleSchema } from '../../../src/rules/rule';
import { RuleIndex } from '../../../src/rules/rule-index';
import { sampleEvent } from '../../../src/rules/sample-event';
import { nextRuns, scheduleSchema } from '../../../src/rules/schedule';
import type { ScheduleEvent } from '../../../src/rules/schedule-event';
import { customEvent, eventRule, groupsWith, moved, ruleFor, ruleInput, scheduleRule } from './builders';

function problemsWith(schedule: Record<string, unknown>): string[] {
  const parsed = scheduleSchema.safeParse({ cron: '0 9 * * 1', ...schedule });
  return parsed.success ? [] : problemsOf(parsed.error).map(problemLine);
}

const MONDAYS = scheduleRule({ cron: '0 9 * * 1', timezone: 'Europe/Paris' }, { id: 'mondays' });

function due(changed: Partial<ScheduleEvent> = {}): ScheduleEvent {
  const schedule = { rule_id: 'mondays', due_at: '2026-11-30T08:00:00.000Z' };
  return { type: 'schedule', schedule, ...changed };
}

describe('a schedule', () => {
  it('is in UTC, skips what overlaps and makes up for a day unless told otherwise', () => {
    expect(scheduleSchema.parse({ cron: '  0  9 * * 1 ' })).toEqual({
      cron: '0 9 * * 1',
      timezone: 'UTC',
      overlap: 'skip',
      catchup: 86_400_000,
    });
  });

  it.each([
    ['0 9 * * 1', 'Europe/Paris', '2026-11-30T08:00:00.000Z'],
    ['*/15 0-5,8 * JAN-MAR MON-FRI', 'UTC', '2027-01-01T00:00:00.000Z'],
    ['0 0 29 2 *', 'UTC', '2028-02-29T00:00:00.000Z'],
    ['0 0 * * 7', 'Asia/Kolkata', '2026-11-28T18:30:00.000Z'],
  ])('%s in %s is next due at %s', (cron, timezone, next) => {
    const [first] = nextRuns(scheduleSchema.parse({ cron, timezone }), 1, new Date('2026-11-26T12:00:00Z'));
    expect(first?.toISOString()).toBe(next);
  });

  it.each([
    ['six fields', '0 0 9 * * 1', 'cron: must have five fields'],
    ['a macro', '@daily', 'cron: must have five fields'],
    ['a last day', '0 9 L * *', 'cron: must have five fields'],
    [
      'days of the month and of the week',
      '0 9 13 * 5',
      'cron: must not limit both the day of the month and the day of the week: one of them must be "*"',
    ],
    [
      'both days, one with a step',
      '0 9 */2 * 5',
      'cron: must not limit both the day of the month and the day of the week: one of them must be "*"',
    ],
    ['a day that never comes', '0 0 31 2,4 *', 'cron: never comes: there is no such day'],
    ['a minute 60', '60 * * * *', 'cron: is no cron expression: Invalid value for minute: 60'],
    [
      'a week that ends on Sunday',
      '0 0 * * 1-7',
      'cron: must not have a range that ends on Sunday: write 0-6, or Sunday by itself',
    ],
  ])('is refused with %s', (_case, cron, problem) => {
    const [first = ''] = problemsWith({ cron });
    expect(first).toContain(problem);
  });

  it.each([
    ['timezone', 'Mars/Olympus', 'timezone: must be the name of a time zone, such as "Europe/Paris"'],
    ['timezone', '+02:00', 'timezone: must be the name of a time zone, such as "Europe/Paris"'],
    ['catchup', '5s', 'catchup: must be 10s to 365d'],
    ['overlap', 'terminate_other', 'overlap: Invalid option'],
    ['every', '5m', 'every: is not a known key'],
  ])('is refused with the %s %s', (key, value, problem) => {
    expect(problemsWith({ [key]: value })[0]).toContain(problem);
  });

  it('is taken or refused, whatever the text, and has a next time when it is taken', () => {
    const field = fc.oneof(
      fc.constant('*'),
      fc.integer({ min: 0, max: 70 }).map(String),
      fc.tuple(fc.nat(60), fc.nat(60)).map(([a, b]) => `${a}-${b}`),
      fc.nat(70).map((step) => `*/${step}`),
      fc.string({ maxLength: 6 }),
    );
    const cron = fc.oneof(
      fc.string(),
      fc.array(field, { minLength: 5, maxLength: 5 }).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(cron, (text) => {
        const parsed = scheduleSchema.safeParse({ cron: text });
        expect(parsed.success ? nextRuns(parsed.data, 1, new Date()) : [0]).toHaveLength(1);
      }),
    );
  });
});

describe('a rule with a schedule', () => {
  it.each([
    ['an event', { filters: undefined, event: { type: 'a' } }, 'schedule: must not stand beside event'],
    ['changes', {}, 'schedule: must not stand beside filters.changes'],
  ])('is refused with %s too', (_case, changed, problem) => {
    const parsed = ruleSchema.safeParse(ruleInput({ schedule: { cron: '0 9 * * 1' }, ...changed }));
    expect(parsed.error && problemsOf(parsed.error).map(problemLine)).toEqual([
      expect.stringContaining(problem),
    ]);
  });

  it('matches its own runs alone', () => {
    const index = new RuleIndex();
    for (const rule of [
      MONDAYS,
      eventRule({ type: '*' }, { id: 'listener' }),
      ruleFor({ value: 'grade_drop' }),
    ]) {
      index.putRule('w', { rule, version: '1' });
    }
    const matchedBy = (event: Parameters<RuleIndex['match']>[1]) =>
      index.match('w', event).map(({ rule }) => rule.id);
    expect(matchedBy(due())).toEqual(['mondays']);
    expect(matchedBy(due({ schedule: { rule_id: 'a-rule', due_at: '2026-11-30T08:00:00.000Z' } }))).toEqual(
      [],
    );
    expect(matchedBy(customEvent('schedule', {}))).toEqual(['listener']);
  });

  it('tells when the run was due and how the scorecard stands', () => {
    const event = due({ scorecard_id: 'c', current: { score: 78, factors: { dns_health: 61 } } });
    expect(match(MONDAYS, event, groupsWith())).toEqual({
      matches: true,
      reason: 'it was due at 2026-11-30T08:00:00.000Z',
      trigger: {
        type: 'schedule',
        due_at: '2026-11-30T08:00:00.000Z',
        current: { score: 78, grade: 'C', factors: { dns_health: 61 } },
      },
    });
  });

  it('says of a change that it runs by the clock', () => {
    expect(match(MONDAYS, moved(90, 60), groupsWith())).toMatchObject({
      matches: false,
      reason: 'the rule runs by its schedule, 0 9 * * 1 in Europe/Paris, and this is scorecard.changed',
    });
  });

  it('has a trial that is as a run', () => {
    const answer = match(MONDAYS, sampleEvent(MONDAYS), groupsWith());
    expect(answer).toMatchObject({ matches: true, trigger: { type: 'schedule' } });
    expect(answer).not.toHaveProperty('trigger.trial');
  });
});

it('no sender can send the event of a run', () => {
  const sent = { ...customEvent('schedule', {}), schedule: { rule_id: 'mondays', due_at: 'x' } };
  expect(eventSchema.parse(sent)).not.toHaveProperty('schedule');
  const parsed = eventSchema.safeParse({ ...sent, id: 'schedule/mondays/2026-11-30T08:00:00.000Z' });
  expect(parsed.error && problemsOf(parsed.error).map(problemLine)).toEqual([
    'id: must not begin with "schedule/": those are the events of rules\' schedules',
  ]);
});
