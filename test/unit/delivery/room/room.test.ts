import { Clock, entered, noLimits, roomAt, toldToWait } from './calls';

describe('calls under way at once to one destination', () => {
  it('are no more than its limit', () => {
    const enter = roomAt(new Clock());
    const limits = { ...noLimits, max_concurrent: 1 };
    entered(enter({ limits }));
    expect(enter({ limits })).toMatchObject({
      reason: 'no room at https://example.com: calls under way: 1',
    });
  });

  it('are no more than the installation’s limit when it has none', () => {
    const enter = roomAt(new Clock(), { maxConcurrent: 2 });
    entered(enter());
    entered(enter());
    expect(enter()).toHaveProperty('comeAgainInMs');
  });

  it('leave room when they end', () => {
    const enter = roomAt(new Clock(), { maxConcurrent: 1 });
    entered(enter())();
    expect(enter()).toHaveProperty('leave');
  });

  it('leave it once, however often they say so', () => {
    const enter = roomAt(new Clock(), { maxConcurrent: 1 });
    const leave = entered(enter());
    leave();
    entered(enter());
    leave();
    expect(enter()).toHaveProperty('comeAgainInMs');
  });

  it.each([
    ['destination', { to: 'https://example.org' }],
    ['workspace', { workspace: 'other' }],
  ])('take nothing from another %s', (_what, other) => {
    const enter = roomAt(new Clock(), { maxConcurrent: 1 });
    entered(enter());
    expect(enter(other)).toHaveProperty('leave');
  });

  it('are limited as the limit is now', () => {
    const enter = roomAt(new Clock());
    entered(enter({ limits: { ...noLimits, max_concurrent: 1 } }));
    entered(enter({ limits: { ...noLimits, max_concurrent: 2 } }));
    expect(enter({ limits: { ...noLimits, max_concurrent: 1 } })).toHaveProperty('comeAgainInMs');
  });
});

describe('a wait', () => {
  it('is until the call under way will have ended, by how long calls have taken', () => {
    const clock = new Clock();
    const enter = roomAt(clock, { maxConcurrent: 1 });
    const leave = entered(enter());
    clock.now += 4_000;
    leave();
    entered(enter());
    clock.now += 1_000;
    expect(toldToWait(enter())).toBe(3_000);
  });

  it('counts those that were told to wait before', () => {
    const clock = new Clock();
    const enter = roomAt(clock, { maxConcurrent: 1 });
    const leave = entered(enter());
    clock.now += 4_000;
    leave();
    entered(enter());
    expect([enter(), enter(), enter()].map(toldToWait)).toEqual([4_000, 8_000, 12_000]);
  });

  it('is five minutes at most', () => {
    const enter = roomAt(new Clock(), { maxConcurrent: 1 });
    const limits = { ...noLimits, requests_per_second: 0.01 };
    expect(Math.max(...[1, 2, 3, 4, 5].map(() => toldToWait(enter({ limits }))))).toBe(300_000);
  });

  it('gives its place to nobody who came later', () => {
    const clock = new Clock();
    const enter = roomAt(clock, { maxConcurrent: 1 });
    const leave = entered(enter());
    const first = { id: 'first', since: clock.now };
    const wait = toldToWait(enter(first));
    clock.now += wait - 200;
    leave();
    toldToWait(enter());
    clock.now += 200;
    expect(enter({ ...first, isBack: true })).toHaveProperty('leave');
  });

  it('of a call that never comes back holds up nobody', () => {
    const clock = new Clock();
    const enter = roomAt(clock, { maxConcurrent: 1 });
    const leave = entered(enter());
    const wait = toldToWait(enter());
    leave();
    clock.now += wait + 600;
    expect(enter()).toHaveProperty('leave');
  });
});

describe('the rate of calls to one destination', () => {
  const limits = { ...noLimits, requests_per_second: 10, burst: 5 };

  /** A room that has run for a while. */
  function later() {
    const clock = new Clock();
    const enter = roomAt(clock, { maxConcurrent: 100 });
    clock.now += 60_000;
    return { clock, enter };
  }

  it('lets a burst begin at once, and then one after the other', () => {
    const { enter } = later();
    for (let call = 0; call < 5; call += 1) entered(enter({ limits }))();
    expect([enter({ limits }), enter({ limits })].map(toldToWait)).toEqual([100, 200]);
  });

  it('lets one begin when its time has come', () => {
    const { clock, enter } = later();
    for (let call = 0; call < 5; call += 1) entered(enter({ limits }))();
    const told = { id: 'told', since: clock.now, limits };
    clock.now += toldToWait(enter(told));
    expect(enter({ ...told, isBack: true })).toHaveProperty('leave');
  });

  it('is not made up for at the start: nobody knows what had begun before', () => {
    const enter = roomAt(new Clock(), { maxConcurrent: 100 });
    expect(toldToWait(enter({ limits }))).toBe(100);
  });

  it('has a burst of a second’s calls, unless it is told', () => {
    const { enter } = later();
    const rate = { ...limits, burst: null };
    for (let call = 0; call < 10; call += 1) entered(enter({ limits: rate }))();
    expect(enter({ limits: rate })).toHaveProperty('comeAgainInMs');
  });

  it('says so', () => {
    const enter = roomAt(new Clock(), { maxConcurrent: 100 });
    expect(enter({ limits })).toMatchObject({
      reason: 'no room at https://example.com: calls begin as fast as its rate lets them',
    });
  });
});

describe('late retries', () => {
  it('of all destinations leave slots to first attempts', () => {
    const enter = roomAt(new Clock(), { maxConcurrent: 1, slots: 40 });
    const retries = Array.from({ length: 40 }, (_, nth) =>
      enter({ to: `https://${nth}.example.com`, isRetry: true }),
    );
    expect(retries.filter((answer) => 'leave' in answer)).toHaveLength(29);
  });
});

describe('the slots of a worker', () => {
  it('are never all taken by slow destinations, however many calls each may have', () => {
    const enter = roomAt(new Clock(), { maxConcurrent: 1_000, slots: 100 });
    let underWay = 0;
    for (let nth = 0; nth < 1_000; nth += 1) {
      if ('leave' in enter({ to: `https://${nth % 8}.example.com` })) underWay += 1;
    }
    expect(underWay).toBeLessThan(95);
  });

  it('always have one for a destination that has none', () => {
    const enter = roomAt(new Clock(), { maxConcurrent: 1_000, slots: 10 });
    for (let nth = 0; nth < 100; nth += 1) enter({ to: `https://${nth % 9}.example.com` });
    expect(enter({ to: 'https://new.example.com' })).toHaveProperty('leave');
  });
});
