import { filterOf, rowsOf } from '../../../src/dashboard/rules/filter-rows';
import { fitsLine, recipientLine, recipientsOf } from '../../../src/dashboard/rules/recipients';
import { DEFAULT_DELAYS, delaysOf, retryTimes } from '../../../src/dashboard/rules/schedule';
import type { JsonObject } from '../../../src/shared/json';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('a filter as rows', () => {
  it.each<JsonObject>([
    { amount: 5, 'a.b': 'text', c: null, d: true },
    { amount: { $gte: 10, $lt: 20 } },
    { country: { $in: ['DE', 'FR'] }, 'x.y': { $nin: [1, '1'] } },
    { a: { $exists: false }, b: { $regex: '^5' } },
    { number: { $ne: '5' }, word: 'true' },
  ])('reads back as it was: %j', (filter) => {
    expect(filterOf(rowsOf(filter) ?? [])).toEqual(filter);
  });

  it.each<JsonObject>([
    { $or: [{ a: 1 }] },
    { a: { $not: { $gt: 5 } } },
    { a: { b: 1 } },
    { a: [1] },
    { a: { $regex: 'x', $options: 'i' } },
    { a: { $in: ['x, y'] } },
  ])('is left to its text when rows cannot say it: %j', (filter) => {
    expect(rowsOf(filter)).toBeUndefined();
  });

  it('has no rows when there is no filter, and is none without rows', () => {
    expect(rowsOf(undefined)).toEqual([]);
    expect(filterOf([])).toBeUndefined();
  });
});

describe('a retry schedule as times', () => {
  it('counts from the first attempt: the contract’s is 6 min, 1 h, 4 h, 12 h and 36 h', () => {
    const times = [6 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, 36 * HOUR];
    expect(retryTimes({})).toEqual(times);
    expect(retryTimes({ retry_schedule: [...DEFAULT_DELAYS] })).toEqual(times);
  });

  it('has no times while a delay cannot be read', () => {
    expect(retryTimes({ retry_schedule: ['6m', '6'] })).toBeUndefined();
    expect(retryTimes({ retry_schedule: 'often' })).toBeUndefined();
  });

  it('has none when nothing is retried', () => {
    expect(retryTimes({ retry_schedule: [] })).toEqual([]);
  });

  it('is written in one line', () => {
    expect(delaysOf(' 6m, 54m,\n3h,')).toEqual(['6m', '54m', '3h']);
  });
});

describe('recipients in one line', () => {
  const RECIPIENTS = ['soc@example.com', { member: 'grace' }];

  it('are addresses, and members by their ids', () => {
    expect(recipientLine(RECIPIENTS)).toBe('soc@example.com, @grace');
    expect(recipientsOf(' soc@example.com,@grace ')).toEqual(RECIPIENTS);
  });

  it('are none when the line is empty', () => {
    expect(recipientsOf(' ')).toBeUndefined();
    expect(recipientLine(undefined)).toBe('');
  });

  it('stay out of the line when it could not say them', () => {
    expect(fitsLine(RECIPIENTS)).toBe(true);
    expect(fitsLine(undefined)).toBe(true);
    expect(fitsLine([{ member: 'grace', later: 1 }])).toBe(false);
    expect(fitsLine('all')).toBe(false);
  });
});
