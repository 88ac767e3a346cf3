import fc from 'fast-check';

/** Something that must hold of every input of a kind. */
export interface Fuzz {
  /** Within its target. */
  name: string;
  property: fc.IAsyncProperty<[unknown]>;
  progress: FuzzProgress;
}

interface FuzzProgress {
  /** Inputs so far. */
  tried: number;
  /** No other input is begun from then on. One that has begun is brought to its end: what takes long is a defect, too. */
  endsAt: number;
}

/** Where inputs of one kind are tried against one part of the program. */
export interface FuzzTarget {
  fuzzes: readonly Fuzz[];
  close?: () => Promise<void>;
}

export interface FuzzReport {
  inputs: number;
  seconds: number;
  /** Absent: none was found. */
  defect?: { seed: number; path: string; input: string; error: string };
}

/**
 * @param holds throws when it does not hold of the input
 * @param inputsIn how many inputs a value is made of; 1 when absent
 */
export function fuzz<Value>(
  name: string,
  arbitrary: fc.Arbitrary<Value>,
  holds: (value: Value) => void | Promise<void>,
  inputsIn: (value: Value) => number = () => 1,
): Fuzz {
  const progress = { tried: 0, endsAt: Infinity };
  const property = fc.asyncProperty(arbitrary, async (value) => {
    if (performance.now() > progress.endsAt) throw new fc.PreconditionFailure(true);
    progress.tried += inputsIn(value);
    await holds(value);
  });
  return { name, property, progress };
}

export interface FuzzLimits {
  seed: number;
  /** Tried until then, shrinking included. Milliseconds. */
  ms: number;
  runs?: number;
  /** Of a report: tries its input again, and nothing else. */
  path?: string | undefined;
}

/** Tries inputs until one fails or time is up. */
export async function runFuzz({ property, progress }: Fuzz, limits: FuzzLimits): Promise<FuzzReport> {
  const [startedAt, before] = [performance.now(), progress.tried];
  progress.endsAt = startedAt + limits.ms;
  const details = await fc.check(property, {
    seed: limits.seed,
    numRuns: limits.runs ?? Number.MAX_SAFE_INTEGER,
    ...(limits.path !== undefined && { path: limits.path, endOnFailure: true }),
  });
  const report = { inputs: progress.tried - before, seconds: (performance.now() - startedAt) / 1_000 };
  if (!details.failed) return report;
  const { seed, counterexamplePath, counterexample, errorInstance } = details;
  const error = errorInstance instanceof Error ? (errorInstance.stack ?? '') : String(errorInstance);
  const input = fc.stringify(counterexample?.[0]);
  return { ...report, defect: { seed, path: counterexamplePath ?? '', input, error } };
}

export class TooSlowError extends Error {
  override readonly name = 'TooSlowError';
}

/**
 * Does something that must not take longer than this. What takes longer once is done again: the machine may have been busy.
 *
 * @param limitMs of the processor's time
 * @throws TooSlowError; whatever the work throws
 */
export function quickly<Result>(limitMs: number, work: () => Result): Result {
  for (let round = 1; ; round += 1) {
    const start = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(start);
    const tookMs = (user + system) / 1_000;
    if (tookMs <= limitMs) return result;
    if (round === 3) throw new TooSlowError(`took ${tookMs} ms, more than ${limitMs}`);
  }
}
