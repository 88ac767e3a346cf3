import fc from 'fast-check';
import { DEFAULT_RETRY_DELAYS_MS } from '../../../src/shared/limits';
import { nextRetry, type Retry } from '../../../src/workflows/retry-schedule';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FIRST = Date.UTC(2026, 6, 10);

describe("the contract's schedule", () => {
  it.each<
    [what: string, now: number, retryAfter: number, expected: [number: number, at: number] | undefined]
  >([
    ['right after the first attempt comes retry 1 at 6 min', 0, 0, [1, 6 * MINUTE]],
    ['a slow first attempt does not move retry 1', 5_000, 0, [1, 6 * MINUTE]],
    ['after retry 1 comes retry 2 at 1 h', 6 * MINUTE, 0, [2, HOUR]],
    ['after retry 2 comes retry 3 at 4 h', HOUR, 0, [3, 4 * HOUR]],
    ['after retry 3 comes retry 4 at 12 h', 4 * HOUR, 0, [4, 12 * HOUR]],
    ['after retry 4 comes retry 5 at 36 h', 12 * HOUR, 0, [5, 36 * HOUR]],
    ['after retry 5 comes none', 36 * HOUR, 0, undefined],
    ['an attempt just before the end still leaves retry 5', 36 * HOUR - 1, 0, [5, 36 * HOUR]],
    ['an extra attempt leaves the next retry where it was', 30 * MINUTE, 0, [2, HOUR]],
    ['a wait that took too long passes over the retries whose time has come', 5 * HOUR, 0, [4, 12 * HOUR]],
    ['a shorter Retry-After changes nothing', 0, MINUTE, [1, 6 * MINUTE]],
    ['a longer Retry-After moves the retry later', 0, 10 * MINUTE, [1, 10 * MINUTE]],
    ['a Retry-After beyond the end is cut to the end', 0, 100 * HOUR, [1, 36 * HOUR]],
  ])('%s', (_what, now, retryAfter, expected) => {
    const retry = nextRetry(DEFAULT_RETRY_DELAYS_MS, FIRST, FIRST + now, retryAfter);
    expect(retry).toEqual(expected && { number: expected[0], of: 5, at: FIRST + expected[1] });
  });

  it('a rule without retries has none', () => {
    expect(nextRetry([], FIRST, FIRST)).toBeUndefined();
  });
});

describe('of any schedule', () => {
  const delays = fc.array(fc.integer({ min: 1_000, max: 30 * 24 * HOUR }), { maxLength: 20 });
  const duration = fc.integer({ min: 0, max: 40 * 24 * HOUR });
  const short = fc.integer({ min: 0, max: 20_000 });

  const retryOfAny = (check: (retry: Retry, given: Given) => void) => {
    fc.assert(
      fc.property(delays, duration, duration, (delaysMs, passed, retryAfterMs) => {
        const retry = nextRetry(delaysMs, FIRST, FIRST + passed, retryAfterMs);
        if (retry) check(retry, { delaysMs, now: FIRST + passed, retryAfterMs });
      }),
    );
  };
  /** Each sequence of failed calls, each of its own length and with its own Retry-After, and the retries it gets. */
  const retriesOfAny = (check: (retries: Retry[], given: Pick<Given, 'delaysMs'>) => void) => {
    const calls = fc.array(fc.tuple(short, fc.oneof(fc.constant(0), duration)), {
      minLength: 30,
      maxLength: 30,
    });
    fc.assert(
      fc.property(delays, calls, (delaysMs, failures) => {
        check(retriesAfter(delaysMs, failures), { delaysMs });
      }),
    );
  };

  it('a retry is later than now', () => {
    retryOfAny((retry, { now }) => {
      expect(retry.at).toBeGreaterThan(now);
    });
  });

  it('a retry is never past the end', () => {
    retryOfAny((retry, { delaysMs }) => {
      expect(retry.at).toBeLessThanOrEqual(placeOf(delaysMs.length, delaysMs));
    });
  });

  it('a retry is never before its place', () => {
    retryOfAny((retry, { delaysMs }) => {
      expect(retry.at).toBeGreaterThanOrEqual(placeOf(retry.number, delaysMs));
    });
  });

  it('Retry-After never brings a retry forward', () => {
    retryOfAny((retry, { delaysMs, now }) => {
      expect(retry.at).toBeGreaterThanOrEqual(nextRetry(delaysMs, FIRST, now)?.at ?? Infinity);
    });
  });

  it('Retry-After is obeyed, up to the end', () => {
    retryOfAny((retry, { delaysMs, now, retryAfterMs }) => {
      const asked = Math.min(now + retryAfterMs, placeOf(delaysMs.length, delaysMs));
      expect(retry.at).toBeGreaterThanOrEqual(asked);
    });
  });

  it('Retry-After neither adds retries nor takes the only one away', () => {
    fc.assert(
      fc.property(delays, duration, duration, (delaysMs, passed, retryAfterMs) => {
        const [without, asked] = [0, retryAfterMs].map((ms) =>
          nextRetry(delaysMs, FIRST, FIRST + passed, ms),
        );
        expect(asked?.number).toBe(without?.number);
      }),
    );
  });

  it('no sequence of failures gets more retries than the schedule has', () => {
    retriesOfAny((retries, { delaysMs }) => {
      expect(retries.length).toBeLessThanOrEqual(delaysMs.length);
    });
  });

  it('no place in the schedule is used twice', () => {
    retriesOfAny((retries) => {
      const numbers = retries.map(({ number }) => number);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    });
  });

  it('calls that end at once, without a Retry-After, get every retry at its place', () => {
    fc.assert(
      fc.property(delays, (delaysMs) => {
        const places = delaysMs.map((_, index) => placeOf(index + 1, delaysMs));
        const atOnce = Array.from({ length: 30 }, (): [number, number] => [0, 0]);
        expect(retriesAfter(delaysMs, atOnce).map(({ at }) => at)).toEqual(places);
      }),
    );
  });
});

interface Given {
  delaysMs: number[];
  now: number;
  retryAfterMs: number;
}

/** When a retry is due: the delays up to it, after the first attempt. */
function placeOf(number: number, delaysMs: number[]): number {
  return delaysMs.slice(0, number).reduce((at, delay) => at + delay, FIRST);
}

/** The retries of a step whose calls fail one after the other, each after its duration and with its Retry-After. */
function retriesAfter(delaysMs: number[], failures: [durationMs: number, retryAfterMs: number][]): Retry[] {
  const retries: Retry[] = [];
  let now = FIRST;
  for (const [durationMs, retryAfterMs] of failures) {
    now += durationMs;
    const retry = nextRetry(delaysMs, FIRST, now, retryAfterMs);
    if (retry === undefined) return retries;
    retries.push(retry);
    now = retry.at;
  }
  throw new Error('the schedule has no end');
}
