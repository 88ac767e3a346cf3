import { retryAfterMs } from '../../../src/delivery/retry-after';

const now = Date.parse('2026-07-10T12:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['seconds', '120', 120_000],
    ['seconds with blanks around', ' 7 ', 7_000],
    ['zero', '0', 0],
    ['an HTTP date', 'Fri, 10 Jul 2026 13:00:00 GMT', 3_600_000],
    ['an HTTP date in the past', 'Fri, 10 Jul 2026 11:00:00 GMT', 0],
    ['an obsolete RFC 850 date', 'Friday, 10-Jul-26 13:00:00 GMT', 3_600_000],
    ['an obsolete asctime date, which is GMT', 'Fri Jul 10 13:00:00 2026', 3_600_000],
    ['more seconds than a number can hold', '9'.repeat(400), Number.MAX_SAFE_INTEGER],
  ])('understands %s', (_what, header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });

  it.each([
    ['an absent header', undefined],
    ['an empty one', ''],
    ['a negative number', '-5'],
    ['a fraction', '1.5'],
    ['words', 'soon'],
    ['a date of another form', '2026-07-10T13:00:00Z'],
  ])('ignores %s', (_what, header) => {
    expect(retryAfterMs(header, now)).toBeUndefined();
  });
});
