import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './faults';
import type { InjectedFault } from './ledgers';
import type { Random } from './random';

/** A fault with its time: milliseconds from the beginning, and how long it lasts. */
export interface PlannedFault {
  fault: Fault;
  afterMs: number;
  forMs: number;
}

/** Between the beginnings of two faults: they overlap now and then. Milliseconds. */
const GAP_MS = [1_000, 4_000] as const;

/** At first all is well, to see that it is. Milliseconds. */
const CALM_MS = 6_000;

/** Milliseconds. */
const SHORTEST_MS = 300;

/**
 * What befalls the topology, and when: all of it follows from the seed. Every fault has its turn before one comes twice.
 *
 * @param longestMs of one fault
 */
export function planFaults(
  faults: readonly Fault[],
  random: Random,
  { durationMs, longestMs }: { durationMs: number; longestMs: number },
): PlannedFault[] {
  const plan: PlannedFault[] = [];
  let deck: Fault[] = [];
  for (let afterMs = CALM_MS; afterMs < durationMs; afterMs += random.between(...GAP_MS)) {
    if (deck.length === 0) deck = random.shuffled(faults);
    const fault = deck.pop();
    if (fault) plan.push({ fault, afterMs, forMs: random.between(SHORTEST_MS, longestMs) });
  }
  return plan;
}

/** Carries the plan out. @returns what was done, once all is mended */
export async function runFaults(
  plan: readonly PlannedFault[],
  say: (line: string) => void,
): Promise<InjectedFault[]> {
  const began = Date.now();
  const done: InjectedFault[] = [];
  /** Until what befell a party or link is mended: killing what is killed already would show nothing. */
  const mended = new Map<string, Promise<void>>();
  for (const { fault, afterMs, forMs } of plan) {
    await delay(Math.max(0, began + afterMs - Date.now()));
    const { kind, target, lock = target, strikes = 1 } = fault;
    const before = mended.get(lock);
    const inject = async () => {
      await before;
      const from = Date.now();
      await fault.inject(forMs);
      const to = Date.now();
      done.push({ kind, target, strikes, from, to });
      say(`${seconds(from - began)} s  ${kind} ${target}, mended after ${seconds(to - from)} s`);
    };
    mended.set(lock, inject());
  }
  await Promise.all(mended.values());
  return done.sort((a, b) => a.from - b.from);
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1).padStart(5);
}
