import fc from 'fast-check';
import { DEFAULT_RETRY_DELAYS_MS } from '../../../src/shared/limits';
import { RetrySchedule, type Retry } from '../../../src/workflows/retry-schedule';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FIRST = Date.UTC(2026, 6, 10);

describe("the contract's schedule", () => {
  it.each<
    [
      what: string,
      used: number,
      now: number,
      retryAfter: number,
      expected: [number: number, at: number] | undefined,
    ]
  >([
    ['right after the first attempt comes retry 1 at 6 min', 0, 0, 0, [1, 6 * MINUTE]],
    ['a slow first attempt does not move retry 1', 0, 5_000, 0, [1, 6 * MINUTE]],
    ['after retry 1 comes retry 2 at 1 h', 1, 6 * MINUTE, 0, [2, HOUR]],
    ['after retry 2 comes retry 3 at 4 h', 2, HOUR, 0, [3, 4 * HOUR]],
    ['after retry 3 comes retry 4 at 12 h', 3, 4 * HOUR, 0, [4, 12 * HOUR]],
    ['after retry 4 comes retry 5 at 36 h', 4, 12 * HOUR, 0, [5, 36 * HOUR]],
    ['after retry 5 comes none', 5, 36 * HOUR, 0, undefined],
    ['an extra attempt leaves the next retry where it was', 1, 30 * MINUTE, 0, [2, HOUR]],
    ['a retry whose place has passed comes after its own delay', 1, 5 * HOUR, 0, [2, 5 * HOUR + 54 * MINUTE]],
    ['a retry that is made up for leaves the later ones in their places', 3, 11 * HOUR, 0, [4, 12 * HOUR]],
    ['a shorter Retry-After changes nothing', 0, 0, MINUTE, [1, 6 * MINUTE]],
    ['a longer Retry-After moves the retry later', 0, 0, 10 * MINUTE, [1, 10 * MINUTE]],
    ['a Retry-After over later places takes theirs', 0, 0, 5 * HOUR, [3, 5 * HOUR]],
    ['a Retry-After beyond the end is cut to the end', 0, 0, 100 * HOUR, [5, 36 * HOUR]],
  ])('%s', (_what, used, now, retryAfterMs, expected) => {
    const schedule = new RetrySchedule(DEFAULT_RETRY_DELAYS_MS, FIRST);
    schedule.made({ number: used, of: 5, at: FIRST });
    expect(schedule.next(FIRST + now, retryAfterMs)).toEqual(
      expected && { number: expected[0], of: 5, at: FIRST + expected[1] },
    );
  });

  it('a rule without retries has none', () => {
    expect(new RetrySchedule([], FIRST).next(FIRST)).toBeUndefined();
  });

  it('extra attempts that fail do not put off a retry that is made up for', () => {
    const schedule = new RetrySchedule(DEFAULT_RETRY_DELAYS_MS, FIRST);
    schedule.made({ number: 3, of: 5, at: FIRST });
    const retries = [13, 14, 15].map((hours) => schedule.next(FIRST + hours * HOUR));
    expect(retries.map((retry) => retry?.at)).toEqual(Array(3).fill(FIRST + 21 * HOUR));
  });
});

describe('of any schedule', () => {
  const delays = fc.array(fc.integer({ min: 1_000, max: 30 * 24 * HOUR }), { maxLength: 20 });
  const duration = fc.integer({ min: 0, max: 40 * 24 * HOUR });
  /** Calls that fail one after the other: how long each takes, and its Retry-After. */
  const calls = (length: fc.Arbitrary<number>, retryAfter: fc.Arbitrary<number>) =>
    fc.array(fc.tuple(length, retryAfter), { minLength: 30, maxLength: 30 });
  const short = fc.integer({ min: 0, max: 900 });
  const never = fc.constant(0);

  function holds(
    failures: fc.Arbitrary<[number, number][]>,
    check: (tries: Try[], delaysMs: number[]) => void,
  ): void {
    fc.assert(
      fc.property(delays, failures, (delaysMs, each) => {
        check(triesAfter(delaysMs, each), delaysMs);
      }),
    );
  }

  it('a retry is never before now', () => {
    holds(calls(duration, duration), (tries) => {
      for (const { retry, now } of tries) expect(retry.at).toBeGreaterThanOrEqual(now);
    });
  });

  it('a retry is never before its place', () => {
    holds(calls(duration, duration), (tries, delaysMs) => {
      for (const { retry } of tries) expect(retry.at).toBeGreaterThanOrEqual(placeOf(retry.number, delaysMs));
    });
  });

  it('Retry-After never moves a retry past the end', () => {
    holds(calls(duration, duration), (tries, delaysMs) => {
      const end = placeOf(delaysMs.length, delaysMs);
      for (const { retry, without } of tries) expect(retry.at).toBeLessThanOrEqual(Math.max(end, without.at));
    });
  });

  it('Retry-After never brings a retry forward', () => {
    holds(calls(duration, duration), (tries) => {
      for (const { retry, without } of tries) expect(retry.at).toBeGreaterThanOrEqual(without.at);
    });
  });

  it('Retry-After is obeyed, up to the end', () => {
    holds(calls(duration, duration), (tries, delaysMs) => {
      const end = placeOf(delaysMs.length, delaysMs);
      for (const { retry, now, retryAfterMs } of tries) {
        expect(retry.at).toBeGreaterThanOrEqual(Math.min(now + retryAfterMs, end));
      }
    });
  });

  it('no sequence of failures gets more retries than the schedule has', () => {
    holds(calls(duration, duration), (tries, delaysMs) => {
      expect(tries.length).toBeLessThanOrEqual(delaysMs.length);
    });
  });

  it('no place in the schedule is used twice', () => {
    holds(calls(duration, duration), (tries) => {
      const numbers = tries.map(({ retry }) => retry.number);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    });
  });

  it('calls without a Retry-After get every retry, however long they take', () => {
    holds(calls(duration, never), (tries, delaysMs) => {
      expect(tries).toHaveLength(delaysMs.length);
    });
  });

  it('calls that are shorter than every delay get every retry at its place', () => {
    holds(calls(short, never), (tries, delaysMs) => {
      expect(tries.map(({ retry }) => retry.at)).toEqual(
        delaysMs.map((_, index) => placeOf(index + 1, delaysMs)),
      );
    });
  });
});

interface Try {
  retry: Retry;
  /** The retry there would be without the Retry-After. */
  without: Retry;
  now: number;
  retryAfterMs: number;
}

/** When a retry is due: the delays up to it, after the first attempt. */
function placeOf(number: number, delaysMs: number[]): number {
  return delaysMs.slice(0, number).reduce((at, delay) => at + delay, FIRST);
}

/** The retries of a step whose calls fail one after the other, each after its duration and with its Retry-After. */
function triesAfter(delaysMs: number[], failures: [durationMs: number, retryAfterMs: number][]): Try[] {
  const tries: Try[] = [];
  const schedule = new RetrySchedule(delaysMs, FIRST);
  let now = FIRST;
  for (const [durationMs, retryAfterMs] of failures) {
    now += durationMs;
    const [retry, without] = [schedule.next(now, retryAfterMs), schedule.next(now)];
    if (retry === undefined || without === undefined) return tries;
    tries.push({ retry, without, now, retryAfterMs });
    schedule.made(retry);
    now = retry.at;
  }
  throw new Error('the schedule has no end');
}
