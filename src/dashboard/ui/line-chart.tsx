import { useState } from 'preact/hooks';
import type { Bucket, Series } from './bar-chart';
import '../styles/charts.css';

const HEIGHT = 100;

/** Where nothing was measured there is no value, and the line is broken. */
export type LineBucket = Omit<Bucket, 'values'> & { values: readonly number[] | null };

/** Lines over time, on a logarithmic scale: latencies lie decades apart. */
export function LineChart({
  label,
  caption,
  series,
  buckets,
  describe,
}: {
  label: string;
  /** What is said below while no bucket is pointed at. */
  caption: string;
  series: readonly Series[];
  buckets: readonly LineBucket[];
  describe: (bucket: LineBucket) => string;
}) {
  const [at, setAt] = useState<number>();
  const all = buckets.flatMap(({ values }) => values ?? []);
  const [low, high] = [Math.log(Math.max(1, Math.min(...all))), Math.log(Math.max(2, ...all))];
  const y = (value: number) =>
    HEIGHT - 6 - ((Math.log(Math.max(1, value)) - low) / Math.max(0.1, high - low)) * (HEIGHT - 12);
  const pointed = at === undefined ? undefined : buckets[at];
  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${Math.max(1, buckets.length) * 10} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
        onMouseLeave={() => {
          setAt(undefined);
        }}
      >
        {buckets.map(({ from }, index) => (
          <rect
            key={from}
            class="chart-ground"
            x={index * 10}
            y={0}
            width={10}
            height={HEIGHT}
            onMouseEnter={() => {
              setAt(index);
            }}
          />
        ))}
        {series.map(({ name, color }, one) => (
          <path
            key={name}
            class="chart-line"
            style={{ stroke: `var(${color})` }}
            d={pathOf(
              buckets
                .map(({ values }) => values?.[one])
                .map((value) => (value === undefined ? undefined : y(value))),
            )}
          />
        ))}
      </svg>
      <figcaption class="chart-caption numeric">
        {pointed === undefined ? caption : describe(pointed)}
      </figcaption>
    </figure>
  );
}

/** A lone point is a short dash, so that it can be seen. */
function pathOf(heights: readonly (number | undefined)[]): string {
  return heights
    .map((height, index) => {
      if (height === undefined) return '';
      const x = index * 10 + 5;
      const before = heights[index - 1];
      if (before !== undefined) return `L${x} ${height.toFixed(1)}`;
      return `M${x - 2} ${height.toFixed(1)}L${x} ${height.toFixed(1)}`;
    })
    .join('');
}
