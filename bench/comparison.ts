/** What a bench measured of ours and of what it is compared with, pair by pair within one run. */
export interface Comparison {
  what: string;
  unit: string;
  ours: readonly number[];
  /** Of the same length: each measured right after its pair. */
  theirs: readonly number[];
  /** What the median ratio should be. */
  target?: { atLeast: number } | { atMost: number };
}

/** The comparisons of one kind, and the names of both sides. */
export interface Table {
  title: string;
  sides: readonly [ours: string, theirs: string];
  comparisons: readonly Comparison[];
  /** A sentence each. */
  notes?: readonly string[];
}

/** The ratio of ours to theirs over all pairs. */
export interface Ratio {
  median: number;
  min: number;
  max: number;
}

/** @returns NaN when there is no value */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** @param part 0 to 1 @returns the smallest value that is not below this part of all; NaN when there is none */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN;
}

/**
 * The median of the pairs' ratios and their spread. Not the ratio of the medians: what the machine did meanwhile is in both
 * of a pair.
 *
 * @throws Error when there are no pairs
 */
export function ratioOf({ what, ours, theirs }: Pick<Comparison, 'what' | 'ours' | 'theirs'>): Ratio {
  if (ours.length !== theirs.length || ours.length === 0) throw new Error(`${what}: these are no pairs`);
  const ratios = ours.map((value, nth) => value / (theirs[nth] ?? NaN));
  return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
}

/** @returns undefined when there is no target */
export function meetsTarget({ target, ...pairs }: Comparison): boolean | undefined {
  if (target === undefined) return undefined;
  const ratio = ratioOf(pairs).median;
  return 'atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost;
}
