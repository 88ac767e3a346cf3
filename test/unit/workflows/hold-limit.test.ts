import { HoldLimit } from '../../../src/workflows/hold-limit';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CONTRACT = [6, 54, 180, 480, 1_440].map((minutes) => minutes * MINUTE);
const NOW = Date.parse('2026-07-10T00:00:00Z');

const hold = (lookAgainMs: number) => ({
  reason: 'it is paused',
  origin: 'https://example.com',
  lookAgainMs,
});

describe('a step that is held', () => {
  it('without an attempt is given up 36 h after its first look', () => {
    const limit = new HoldLimit(CONTRACT);
    limit.nextLook(NOW, hold(5 * MINUTE));
    limit.nextLook(NOW + HOUR, hold(5 * MINUTE));
    expect(limit.end).toBe(NOW + 36 * HOUR);
  });

  it('after an attempt is given up 36 h after that', () => {
    const limit = new HoldLimit(CONTRACT);
    limit.countFrom(NOW - 4 * HOUR);
    limit.nextLook(NOW, hold(5 * MINUTE));
    expect(limit.end).toBe(NOW + 32 * HOUR);
  });

  it.each([
    ['short', [10_000], 36],
    ['empty', [], 36],
    ['longer', [100 * HOUR], 100],
  ])('with a schedule that is %s is given up with it, no earlier than after 36 h', (_how, delays, hours) => {
    const limit = new HoldLimit(delays);
    limit.countFrom(NOW);
    expect(limit.end).toBe(NOW + hours * HOUR);
  });

  it.each([
    ['when it was told to', 5 * MINUTE, 5 * MINUTE],
    ['no sooner than after a minute', 10, MINUTE],
    ['when it is given up at the latest', 100 * HOUR, 36 * HOUR],
  ])('looks again %s', (_when, lookAgainMs, expected) => {
    expect(new HoldLimit(CONTRACT).nextLook(NOW, hold(lookAgainMs))).toBe(NOW + expected);
  });

  it('looks no more once it is given up', () => {
    const limit = new HoldLimit(CONTRACT);
    limit.countFrom(NOW);
    expect(limit.nextLook(NOW + 36 * HOUR, hold(MINUTE))).toBeUndefined();
  });

  it('looks some 400 times in 36 h at most, however often it would', () => {
    const limit = new HoldLimit(CONTRACT);
    let looks = 0;
    for (let now: number | undefined = NOW; now !== undefined; now = limit.nextLook(now, hold(1))) looks += 1;
    expect(looks).toBeLessThan(420);
  });
});
