/** What a service holds at one moment. */
export interface Sample {
  /** Milliseconds since the traffic began. */
  at: number;
  figures: Record<string, number>;
}

/** How much a figure may grow over the second half of a run, whichever of the two is more. */
export interface Tolerance {
  /** Of what it is on average. */
  share: number;
  /** In its own unit: what figures of this kind vary by. */
  absolute: number;
}

export interface Growth {
  figure: string;
  /** Over the second half, by its slope. */
  growth: number;
  /** On average in the second half. */
  level: number;
  allowed: number;
  isLeak: boolean;
}

/** Samples of the second half below which a slope says nothing. */
const MIN_SAMPLES = 8;

/**
 * Judges by the second half of a run: until then caches fill, pools open and code is compiled. What grows beyond its
 * tolerance is a leak. The slope is the median of those between all pairs of samples (Theil and Sen), so that a
 * sample taken in a busy moment does not decide.
 *
 * @throws Error when there are too few samples
 */
export function growthOf(
  samples: readonly Sample[],
  tolerances: Readonly<Record<string, Tolerance>>,
): Growth[] {
  const end = samples.at(-1)?.at ?? 0;
  const half = samples.filter(({ at }) => at >= end / 2);
  const [first] = half;
  if (first === undefined || half.length < MIN_SAMPLES) {
    throw new Error(`${half.length} samples of the second half are too few: ${MIN_SAMPLES} are needed`);
  }
  return Object.entries(tolerances).map(([figure, { share, absolute }]) => {
    const points = half.map(({ at, figures }): [number, number] => [at, figures[figure] ?? NaN]);
    const level = points.reduce((sum, [, value]) => sum + value, 0) / points.length;
    const growth = slopeOf(points) * (end - first.at);
    const allowed = Math.max(absolute, share * level);
    // What was not measured is not flat.
    return { figure, growth, level, allowed, isLeak: !(growth <= allowed) };
  });
}

function slopeOf(points: readonly [number, number][]): number {
  const slopes = points.flatMap(([x, y], index) =>
    points.slice(index + 1).map(([otherX, otherY]) => (otherY - y) / (otherX - x)),
  );
  slopes.sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length / 2)] ?? NaN;
}
