import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import '../styles/charts.css';

export interface Series {
  name: string;
  /** A custom property of `tokens.css`. */
  color: string;
}

/** A part of the time that a chart is about. */
export interface TimeBucket {
  from: string;
  to: string;
}

/** What a chart is drawn on. In its own units: each bucket is so wide, all of it so high. */
export const BUCKET_WIDTH = 10;
export const HEIGHT = 100;

export interface ChartProps<Bucket extends TimeBucket> {
  label: string;
  /** What is said below while no bucket is pointed at. */
  caption: string;
  series: readonly Series[];
  /** 60 at most: few enough to be plain SVG, which follows the page's colours and can be read out. */
  buckets: readonly Bucket[];
  /** What is said of a bucket that is pointed at. */
  describe: (bucket: Bucket) => string;
}

/**
 * A chart over time: its ground, and what is said of it below.
 *
 * @param mark what is drawn of one bucket alone
 * @param children what is drawn over all of them
 */
export function Chart<Bucket extends TimeBucket>({
  label,
  caption,
  buckets,
  describe,
  mark,
  children,
}: Omit<ChartProps<Bucket>, 'series'> & {
  mark?: (bucket: Bucket, index: number) => ComponentChildren;
  children?: ComponentChildren;
}) {
  const [at, setAt] = useState<number>();
  const pointed = at === undefined ? undefined : buckets[at];
  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${Math.max(1, buckets.length) * BUCKET_WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
        onMouseLeave={() => {
          setAt(undefined);
        }}
      >
        {buckets.map((bucket, index) => (
          <g
            key={bucket.from}
            onMouseEnter={() => {
              setAt(index);
            }}
          >
            <rect class="chart-ground" x={index * BUCKET_WIDTH} y={0} width={BUCKET_WIDTH} height={HEIGHT} />
            {mark?.(bucket, index)}
          </g>
        ))}
        {children}
      </svg>
      <figcaption class="chart-caption numeric">
        {pointed === undefined ? caption : describe(pointed)}
      </figcaption>
    </figure>
  );
}
