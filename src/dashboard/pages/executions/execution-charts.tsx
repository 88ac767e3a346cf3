import { useQuery } from '@tanstack/preact-query';
import { callsQuery, outcomesQuery, type ExecutionFilter, type OutcomeCounts } from '../../api/executions';
import { messageOf } from '../../api/problem';
import { BarChart, type Bucket } from '../../ui/bar-chart';
import { LineChart, type LineBucket } from '../../ui/line-chart';
import { duration } from '../../ui/time';

const SPANS = [
  { hours: 24, label: '24 hours' },
  { hours: 24 * 7, label: '7 days' },
  { hours: 24 * 30, label: '30 days' },
] as const;

const BUCKETS = 24;

const OUTCOMES = [
  { name: 'Delivered', color: '--chart-delivered' },
  { name: 'Running', color: '--chart-waiting' },
  { name: 'Escalated', color: '--chart-bad' },
  { name: 'Cancelled', color: '--chart-calm' },
] as const;

const LATENCIES = [
  { name: 'Median', color: '--chart-delivered' },
  { name: '95 %', color: '--chart-waiting' },
  { name: '99 %', color: '--chart-bad' },
] as const;

/** How executions ended over time, and how long calls took. */
export function ExecutionCharts({
  filter,
  hours,
  onHours,
}: {
  filter: ExecutionFilter;
  hours: number;
  onHours: (hours: number) => void;
}) {
  const span = { hours, buckets: BUCKETS };
  const outcomes = useQuery(outcomesQuery({ ...filter, status: '', from: '', to: '' }, span));
  const calls = useQuery(callsQuery(span, filter.destination));
  const total = outcomes.data && shares(outcomes.data.total);
  return (
    <div class="charts">
      <section class="card chart-card" aria-label="Outcomes">
        <div class="row">
          <h2 class="grow">Executions</h2>
          <div class="chips" role="group" aria-label="Time">
            {SPANS.map((one) => (
              <button
                key={one.hours}
                type="button"
                class="chip"
                aria-pressed={one.hours === hours}
                onClick={() => {
                  onHours(one.hours);
                }}
              >
                {one.label}
              </button>
            ))}
          </div>
        </div>
        <div class="figures numeric">
          {OUTCOMES.map(({ name, color }, index) => (
            <span key={name} class="legend muted">
              <i style={{ background: `var(${color})` }} />
              <b>{total === undefined ? '–' : (total[index] ?? 0).toLocaleString()}</b> {name.toLowerCase()}
            </span>
          ))}
        </div>
        {outcomes.failureReason !== null && <p class="faint">{messageOf(outcomes.failureReason)}</p>}
        <BarChart
          label="Executions by outcome over time"
          caption={`By start, each bar ${duration((hours * 3_600_000) / BUCKETS)}`}
          series={OUTCOMES}
          buckets={(outcomes.data?.buckets ?? []).map(({ from, to, counts }) => ({
            from,
            to,
            values: shares(counts),
          }))}
          describe={describeOutcomes}
        />
      </section>
      <section class="card chart-card" aria-label="Latency">
        <h2>Latency of calls</h2>
        <div class="figures numeric">
          <span class="muted grow">{successOf(calls.data?.buckets ?? [])}</span>
          {LATENCIES.map(({ name, color }) => (
            <span key={name} class="legend muted">
              <i style={{ background: `var(${color})` }} /> {name}
            </span>
          ))}
        </div>
        <LineChart
          label="Latency of calls over time"
          caption="Logarithmic, by the hour in which calls were made"
          series={LATENCIES}
          buckets={(calls.data?.buckets ?? []).map(({ from, to, latency_ms: latency }) => ({
            from,
            to,
            values: latency === null ? null : [latency.p50, latency.p95, latency.p99],
          }))}
          describe={describeLatency}
        />
      </section>
    </div>
  );
}

function shares(counts: OutcomeCounts): number[] {
  return [
    counts.delivered,
    counts.running,
    counts.escalated + counts.failed,
    counts.cancelled + counts.abandoned + counts.terminated,
  ];
}

function successOf(buckets: readonly { delivered: number; failed: number }[]) {
  const delivered = buckets.reduce((sum, bucket) => sum + bucket.delivered, 0);
  const all = delivered + buckets.reduce((sum, bucket) => sum + bucket.failed, 0);
  if (all === 0) return 'No calls were made in this time.';
  return (
    <>
      <b>{((delivered / all) * 100).toFixed(1)} %</b> of {all.toLocaleString()} calls went well
    </>
  );
}

const hour = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

function describeOutcomes({ from, values }: Bucket): string {
  const parts = OUTCOMES.flatMap(({ name }, index) => {
    const count = values[index] ?? 0;
    return count === 0 ? [] : [`${count} ${name.toLowerCase()}`];
  });
  return `${hour.format(new Date(from))}: ${parts.length === 0 ? 'none' : parts.join(', ')}`;
}

function describeLatency({ from, values }: LineBucket): string {
  const parts = values?.map(
    (value, index) => `${LATENCIES[index]?.name.toLowerCase() ?? ''} ${duration(value)}`,
  );
  return `${hour.format(new Date(from))}: ${parts?.join(', ') ?? 'no calls'}`;
}
