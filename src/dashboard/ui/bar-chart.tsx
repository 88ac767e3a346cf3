import { useState } from 'preact/hooks';
import '../styles/charts.css';

export interface Series {
  name: string;
  /** A custom property of `tokens.css`. */
  color: string;
}

export interface Bucket {
  from: string;
  to: string;
  /** In the order of the series. */
  values: readonly number[];
}

const HEIGHT = 100;

/**
 * Stacked bars over time, few enough (60 at most) to be plain SVG, which follows the page's colours and can be read out.
 *
 * @param describe what is said of a bucket that is pointed at
 */
export function BarChart({
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
  buckets: readonly Bucket[];
  describe: (bucket: Bucket) => string;
}) {
  const [at, setAt] = useState<number>();
  const highest = Math.max(1, ...buckets.map(({ values }) => sum(values)));
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
        {buckets.map((bucket, index) => (
          <g
            key={bucket.from}
            onMouseEnter={() => {
              setAt(index);
            }}
          >
            <rect class="chart-ground" x={index * 10} y={0} width={10} height={HEIGHT} />
            {stacked(bucket.values, highest).map(({ y, height }, one) => (
              <rect
                key={series[one]?.name}
                x={index * 10 + 1}
                y={y}
                width={8}
                height={height}
                style={{ fill: `var(${series[one]?.color ?? '--calm'})` }}
              />
            ))}
          </g>
        ))}
      </svg>
      <figcaption class="chart-caption numeric">
        {pointed === undefined ? caption : describe(pointed)}
      </figcaption>
    </figure>
  );
}

/** From the ground up. */
function stacked(values: readonly number[], highest: number): { y: number; height: number }[] {
  let top = HEIGHT;
  return values.map((value) => {
    const height = (value / highest) * (HEIGHT - 4);
    top -= height;
    return { y: top, height };
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
