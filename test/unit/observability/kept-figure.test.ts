import { KeptFigure } from '../../../src/observability/metrics/kept-figure';

let now: number;
let reads: number;
let failures: number;
beforeEach(() => {
  now = 0;
  reads = 0;
  failures = 0;
});

function figure(read: () => number | Promise<number>): KeptFigure<number> {
  return new KeptFigure(
    async () => {
      reads += 1;
      return read();
    },
    () => (failures += 1),
    () => now,
  );
}

describe('a figure that costs something to read', () => {
  it('is kept for 15 s', async () => {
    const kept = figure(() => reads);
    await kept.current();
    now = 14_999;
    expect(await kept.current()).toBe(1);
    now = 15_000;
    expect(await kept.current()).toBe(2);
  });

  it('is read once for those who ask at the same time', async () => {
    const kept = figure(() => 7);
    await Promise.all([kept.current(), kept.current()]);
    expect(reads).toBe(1);
  });

  it('is kept for 20 times as long as it took', async () => {
    const kept = figure(() => {
      now += 2_000;
      return 7;
    });
    await kept.current();
    now = 41_999;
    await kept.current();
    expect(reads).toBe(1);
  });

  it('is absent while it cannot be read', async () => {
    let isAway = false;
    const kept = figure(() => {
      if (isAway) throw new Error('away');
      return 7;
    });
    await kept.current();
    isAway = true;
    now = 15_000;
    expect(await kept.current()).toBeUndefined();
  });

  it('is counted when it cannot be read', async () => {
    const kept = figure(() => Promise.reject(new Error('away')));
    await kept.current();
    expect(failures).toBe(1);
  });

  it('is the one before while it is being read for longer than a scrape waits', async () => {
    jest.useFakeTimers({ advanceTimers: false });
    const answers = [Promise.resolve(7), new Promise<number>(() => undefined)];
    const kept = figure(() => answers[reads - 1] ?? 0);
    await kept.current();
    now = 15_000;
    const asked = kept.current();
    await jest.advanceTimersByTimeAsync(3_000);
    expect(await asked).toBe(7);
    jest.useRealTimers();
  });
});
