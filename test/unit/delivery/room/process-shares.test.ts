import fc from 'fast-check';
import type { Allowance } from '../../../../src/delivery/room/destination-room';
import { ProcessShares } from '../../../../src/delivery/room/process-shares';
import { MemoryRegister } from '../../../support/process-register';
import { Clock } from './calls';

const always = () => true;
const ten: Allowance = { concurrent: 10, rate: { perSecond: 100, burst: 10 } };

/** Processes that share a register and a clock. */
function installation() {
  const clock = new Clock();
  const register = new MemoryRegister();
  const start = (id: string) => new ProcessShares({ id, register, now: () => clock.now });
  /** Lets all beat until nothing changes any more. */
  const settle = async (...processes: ProcessShares[]) => {
    for (let round = 0; round < 4; round += 1) for (const each of processes) await each.beat(always);
  };
  return { clock, start, settle };
}

const concurrent = (shares: ProcessShares, whole = ten) => shares.of('d', whole, true).concurrent;

describe('a process that is alone', () => {
  it('has all of every limit', async () => {
    const { start, settle } = installation();
    const one = start('one');
    await settle(one);
    expect(one.of('d', ten, true)).toEqual(ten);
  });

  it('has nothing of what was set before it knows that it is alone', () => {
    expect(concurrent(installation().start('one'))).toBe(0);
  });
});

describe('two processes', () => {
  async function two() {
    const { start, settle, ...rest } = installation();
    const [one, other] = [start('one'), start('other')];
    await settle(one, other);
    return { one, other, start, settle, ...rest };
  }

  it('have half of it each', async () => {
    const { one, other } = await two();
    const half = { concurrent: 5, rate: { perSecond: 50, burst: 5 } };
    expect([one.of('d', ten, true), other.of('d', ten, true)]).toEqual([half, half]);
  });

  it('divide what is one to one of them, over many destinations to each as often', async () => {
    const { one } = await two();
    const whole = { concurrent: 1 };
    const parts = Array.from({ length: 100 }, (_, nth) => one.of(`d${nth}`, whole, true).concurrent);
    expect(parts.filter((part) => part === 1)).toHaveLength(50);
  });

  it('have at least one call each where no limit was set', async () => {
    const { one, other } = await two();
    const parts = [one, other].map((each) => each.of('d', { concurrent: 1 }, false).concurrent);
    expect(parts).toEqual([1, 1]);
  });

  it('have all of it again when the other leaves', async () => {
    const { one, other, settle } = await two();
    await other.leave();
    await settle(one);
    expect(concurrent(one)).toBe(10);
  });

  it('have all of it again when the other has been silent for long', async () => {
    const { one, clock, settle } = await two();
    for (let seconds = 0; seconds < 28; seconds += 4) {
      clock.now += 4_000;
      await settle(one);
    }
    expect(concurrent(one)).toBe(10);
  });

  it('have still half of it when the other has been silent for a moment', async () => {
    const { one, clock, settle } = await two();
    clock.now += 10_000;
    await settle(one);
    expect(concurrent(one)).toBe(5);
  });
});

it('a process that cannot beat has nothing left of what was set', async () => {
  const { clock, start, settle } = installation();
  const one = start('one');
  await settle(one);
  clock.now += 13_000;
  expect(concurrent(one)).toBe(0);
});

it('a process that comes has nothing while the calls of another are more than its new share', async () => {
  const { start, settle } = installation();
  const one = start('one');
  await settle(one);
  const other = start('other');
  await other.beat(always);
  for (let round = 0; round < 3; round += 1) {
    await one.beat(() => false);
    await other.beat(always);
  }
  expect([concurrent(one), concurrent(other)]).toEqual([5, 0]);
});

/** What may happen to one of five processes, and how long until the next thing. Milliseconds. */
const happening = fc.record({
  process: fc.nat(4),
  what: fc.constantFrom('beat', 'beat', 'beat', 'beat', 'crash', 'leave', 'stays busy'),
  then: fc.constantFrom(0, 10, 500, 500, 4_000, 4_000, 9_000, 13_000, 21_000),
});

it('the shares of all processes never add up to more than the limit, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { maxLength: 60 }),
      fc.integer({ min: 1, max: 12 }),
      async (story, limit) => {
        const { clock, start } = installation();
        const whole: Allowance = { concurrent: limit, rate: { perSecond: 7, burst: limit } };
        const processes = new Map<number, { shares: ProcessShares; underWay: number }>();
        let starts = 0;
        for (const { process, what, then } of story) {
          const running = processes.get(process) ?? {
            shares: start(`p${process}-${(starts += 1)}`),
            underWay: 0,
          };
          processes.set(process, running);
          if (what === 'crash') processes.delete(process);
          else if (what === 'leave') {
            await running.shares.leave();
            processes.delete(process);
          } else {
            const isWithin = () => running.underWay <= running.shares.of('d', whole, true).concurrent;
            await running.shares.beat(isWithin);
            // Calls end and others begin, as many as may; those that a busy process has begun go on.
            const share = running.shares.of('d', whole, true).concurrent;
            running.underWay = what === 'stays busy' ? Math.max(running.underWay, share) : share;
          }
          clock.now += then;
          // A call takes five seconds at most.
          if (then > 5_000) for (const each of processes.values()) each.underWay = 0;
          const now = [...processes.values()].map(({ shares }) => shares.of('d', whole, true));
          const sum = (numbers: number[]) => numbers.reduce((all, each) => all + each, 0);
          expect(sum(now.map((part) => part.concurrent))).toBeLessThanOrEqual(limit);
          expect(sum([...processes.values()].map(({ underWay }) => underWay))).toBeLessThanOrEqual(limit);
          expect(sum(now.map((part) => part.rate?.burst ?? 0))).toBeLessThanOrEqual(limit);
          expect(sum(now.map((part) => part.rate?.perSecond ?? 0))).toBeLessThanOrEqual(7 + 1e-9);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
