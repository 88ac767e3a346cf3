import { BUCKET_WIDTH, Chart, HEIGHT, type ChartProps, type TimeBucket } from './chart';

export interface Bucket extends TimeBucket {
  /** In the order of the series. */
  values: readonly number[];
}

/** Stacked bars over time. */
export function BarChart({ series, buckets, ...chart }: ChartProps<Bucket>) {
  const highest = Math.max(1, ...buckets.map(({ values }) => sum(values)));
  return (
    <Chart
      {...chart}
      buckets={buckets}
      mark={({ values }, index) =>
        stacked(values, highest).map(({ y, height }, one) => (
          <rect
            key={series[one]?.name}
            x={index * BUCKET_WIDTH + 1}
            y={y}
            width={BUCKET_WIDTH - 2}
            height={height}
            style={{ fill: `var(${series[one]?.color ?? '--calm'})` }}
          />
        ))
      }
    />
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
