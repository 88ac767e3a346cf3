import { BUCKET_WIDTH, Chart, HEIGHT, type ChartProps, type TimeBucket } from './chart';

export interface LineBucket extends TimeBucket {
  /** In the order of the series. Where nothing was measured there is none, and the line is broken. */
  values: readonly number[] | null;
}

/** Lines over time, on a logarithmic scale: latencies lie decades apart. */
export function LineChart({ series, buckets, ...chart }: ChartProps<LineBucket>) {
  const all = buckets.flatMap(({ values }) => values ?? []);
  const [low, high] = [Math.log(Math.max(1, Math.min(...all))), Math.log(Math.max(2, ...all))];
  const y = (value: number) =>
    HEIGHT - 6 - ((Math.log(Math.max(1, value)) - low) / Math.max(0.1, high - low)) * (HEIGHT - 12);
  return (
    <Chart {...chart} buckets={buckets}>
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
    </Chart>
  );
}

/** A lone point is a short dash, so that it can be seen. */
function pathOf(heights: readonly (number | undefined)[]): string {
  return heights
    .map((height, index) => {
      if (height === undefined) return '';
      const x = (index + 0.5) * BUCKET_WIDTH;
      const before = heights[index - 1];
      if (before !== undefined) return `L${x} ${height.toFixed(1)}`;
      return `M${x - 2} ${height.toFixed(1)}L${x} ${height.toFixed(1)}`;
    })
    .join('');
}
