import { BriefCache } from '../../../src/client/brief-cache';

/** Answers 1, 2, … */
function counting(): () => Promise<number> {
  let asked = 0;
  return async () => (asked += 1);
}

describe('what is kept for a short time', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is asked for once by all who want it meanwhile', async () => {
    const cache = new BriefCache<number>(5_000);
    const ask = counting();
    const both = [cache.get('a', ask), cache.get('a', ask)];
    await Promise.all(both);
    jest.advanceTimersByTime(4_999);
    expect(await Promise.all([...both, cache.get('a', ask)])).toEqual([1, 1, 1]);
  });

  it('is asked for again afterwards', async () => {
    const cache = new BriefCache<number>(5_000);
    const ask = counting();
    await cache.get('a', ask);
    jest.advanceTimersByTime(5_000);
    expect(await cache.get('a', ask)).toBe(2);
  });

  it('is asked for once however long that takes', async () => {
    const cache = new BriefCache<number>(5_000);
    const slow = cache.get('a', () => new Promise((resolve) => setTimeout(resolve, 20_000, 7)));
    jest.advanceTimersByTime(19_000);
    expect(cache.get('a', counting())).toBe(slow);
    jest.advanceTimersByTime(1_000);
    expect(await slow).toBe(7);
  });

  it('is kept by its key', async () => {
    const cache = new BriefCache<number>(5_000);
    const ask = counting();
    expect([await cache.get('a', ask), await cache.get('b', ask)]).toEqual([1, 2]);
  });

  it('is not a failure', async () => {
    const cache = new BriefCache<number>(5_000);
    const failing = cache.get('a', () => Promise.reject(new Error('away')));
    await expect(failing).rejects.toThrow('away');
    expect(await cache.get('a', counting())).toBe(1);
  });
});
