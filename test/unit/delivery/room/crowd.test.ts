import { testRoom } from '../../../support/room';
import { Clock, noLimits } from './calls';
import { letCome, type CrowdCall } from './crowd';

const SLOW_MS = 5_000;

/** Calls that come one after the other. */
function everyMs(gap: number, count: number, from = 0): CrowdCall[] {
  return Array.from({ length: count }, (_, nth) => ({ at: from + nth * gap }));
}

function mean(numbers: number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

const sentBack = (calls: CrowdCall[]) => mean(calls.map((call) => call.sentBack ?? 0));
const lastBegan = (calls: CrowdCall[]) => Math.max(...calls.map(({ beganAt = Infinity }) => beganAt));

describe('two thousand calls to a receiver that takes 5 s, 20 at once', () => {
  const calls = everyMs(25, 2_000);
  let most = 0;
  beforeAll(() => {
    const clock = new Clock();
    const room = testRoom({ maxConcurrent: 20, now: () => clock.now });
    most = letCome(calls, [room], clock, { limits: noLimits, takesMs: () => SLOW_MS });
  });

  it('are 20 at once and no more', () => {
    expect(most).toBe(20);
  });

  it('go back to Temporal twice each, not every second', () => {
    expect(sentBack(calls)).toBeLessThan(2.2);
  });

  it('leave the receiver no idle time to speak of', () => {
    expect(lastBegan(calls)).toBeLessThan(1.03 * (2_000 / 20) * SLOW_MS);
  });

  it('begin in the order in which they came, but for neighbours', () => {
    const order = calls
      .map(({ beganAt = Infinity }, nth) => ({ beganAt, nth }))
      .sort((one, other) => one.beganAt - other.beganAt);
    const moved = order.map(({ nth }, place) => Math.abs(nth - place));
    expect(Math.max(...moved)).toBeLessThan(100);
  });
});

describe('calls to a receiver', () => {
  /** Of a lone process, 20 calls at once. */
  function come(calls: CrowdCall[], takesMs: (now: number) => number, limits = noLimits) {
    const clock = new Clock();
    return letCome(calls, [testRoom({ maxConcurrent: 20, now: () => clock.now })], clock, {
      limits,
      takesMs,
    });
  }

  it('that is quick wait in their activity when more come than may be at once', () => {
    const calls = everyMs(1, 400);
    come(calls, () => 50);
    expect(sentBack(calls)).toBeLessThan(0.5);
  });

  it('with a rate begin at that rate, and go back to Temporal once', () => {
    const calls = everyMs(25, 500);
    come(calls, () => 50, { ...noLimits, requests_per_second: 5 });
    expect(lastBegan(calls) / (500 / 5) / 1_000).toBeCloseTo(1, 1);
    expect(sentBack(calls)).toBeLessThan(1.1);
  });

  it('that gets quick again begin at once when they are new, although others were told to come later', () => {
    const before = everyMs(25, 1_000);
    const after = everyMs(1_000, 60, 70_000);
    come([...before, ...after], (now) => (now < 60_000 ? SLOW_MS : 50));
    const waits = after.map(({ at, beganAt = Infinity }) => beganAt - at);
    expect(Math.max(...waits)).toBeLessThan(2_000);
  });

  it('are first attempts soon, also while a thousand late retries wait', () => {
    const retries = everyMs(25, 1_000).map((call) => ({ ...call, isRetry: true }));
    const first = everyMs(1_000, 60, 60_000);
    come([...retries, ...first], () => SLOW_MS);
    const waits = first.map(({ at, beganAt = Infinity }) => beganAt - at);
    expect(mean(waits)).toBeLessThan(1_000);
  });

  it('are retries now and then, also while a thousand first attempts wait', () => {
    const first = everyMs(25, 1_000);
    const retries = everyMs(100, 20, 30_000).map((call) => ({ ...call, isRetry: true }));
    come([...first, ...retries], () => SLOW_MS);
    expect(lastBegan(retries)).toBeLessThan(lastBegan(first) / 2);
  });
});
