import '../styles/sparkline.css';

const HEIGHT = 24;

/** What went well and what did not, over time, as small as a word. */
export function Sparkline({
  label,
  buckets,
}: {
  label: string;
  buckets: readonly { from: string; delivered: number; failed: number }[];
}) {
  const highest = Math.max(1, ...buckets.map(({ delivered, failed }) => delivered + failed));
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${Math.max(1, buckets.length) * 4} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {buckets.map(({ from, delivered, failed }, index) => {
        const [good, bad] = [heightOf(delivered, highest), heightOf(failed, highest)];
        return (
          <g key={from}>
            <rect class="spark-good" x={index * 4} y={HEIGHT - good} width={3} height={good} />
            <rect class="spark-bad" x={index * 4} y={HEIGHT - good - bad} width={3} height={bad} />
          </g>
        );
      })}
    </svg>
  );
}

/** What is there at all can be seen. */
function heightOf(count: number, highest: number): number {
  return count === 0 ? 0 : Math.max(1.5, (count / highest) * HEIGHT);
}
