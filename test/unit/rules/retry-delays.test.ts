import fc from 'fast-check';
import { ruleSchema } from '../../../src/rules/rule';
import { retryDelaysSchema } from '../../../src/rules/retry-delays';
import { problemLines, ruleInput, ruleWith } from './builders';

const MINUTE = 60_000;
const DAY = 86_400_000;

describe('retry_schedule', () => {
  it('retries 6 min, 1 h, 4 h, 12 h and 36 h after the first attempt when nothing is said', () => {
    let after = 0;
    const moments = ruleWith().retry_schedule.map((delay) => (after += delay));
    expect(moments).toEqual([6, 60, 240, 720, 2_160].map((minutes) => minutes * MINUTE));
  });

  it('reads that schedule from its durations', () => {
    expect(retryDelaysSchema.parse(['6m', '54m', '3h', '8h', '24h'])).toEqual(ruleWith().retry_schedule);
  });

  it('retries nothing when the list is empty', () => {
    expect(ruleWith({ retry_schedule: [] }).retry_schedule).toEqual([]);
  });

  it.each([
    ['1s', 1_000],
    ['1.5h', 90 * MINUTE],
    ['2 days', 2 * DAY],
    ['1000ms', 1_000],
  ])('reads %s', (text, delayMs) => {
    expect(retryDelaysSchema.parse([text])).toEqual([delayMs]);
  });

  it.each(['6', 6, '', ' ', 'soon', 'm', '6 moons', '1h30m', 'h'.repeat(200)])(
    'refuses %j, which is no duration',
    (delay) => {
      expect(problemLines(ruleSchema, ruleInput({ retry_schedule: ['6m', delay] }))).toEqual([
        'retry_schedule[1]: must be a time with its unit, such as "6m", "54m", "3h" or "1d"',
      ]);
    },
  );

  it.each(['999ms', '0s', '-6m'])('refuses %s as too short', (delay) => {
    expect(problemLines(ruleSchema, ruleInput({ retry_schedule: [delay] }))).toEqual([
      'retry_schedule[0]: must be at least 1 s',
    ]);
  });

  it('refuses more than 20 retries', () => {
    expect(problemLines(ruleSchema, ruleInput({ retry_schedule: Array(21).fill('1m') }))).toEqual([
      'retry_schedule: Too big: expected array to have <=20 items',
    ]);
  });

  it('takes a sum of exactly 30 days', () => {
    expect(retryDelaysSchema.safeParse(['29d', '1d']).success).toBe(true);
  });

  it('is accepted if and only if each delay is 1 s or more and the sum 30 days or less', () => {
    const delay = fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 4 * DAY }));
    fc.assert(
      fc.property(fc.array(delay, { maxLength: 20 }), (delays) => {
        const parsed = retryDelaysSchema.safeParse(delays.map((each) => `${each}ms`));
        const sum = delays.reduce((total, each) => total + each, 0);
        expect(parsed.success).toBe(delays.every((each) => each >= 1_000) && sum <= 30 * DAY);
      }),
    );
  });

  it('keeps each delay as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_440 }), { maxLength: 20 }), (minutes) => {
        expect(retryDelaysSchema.parse(minutes.map((each) => `${each}m`))).toEqual(
          minutes.map((each) => each * MINUTE),
        );
      }),
    );
  });
});
