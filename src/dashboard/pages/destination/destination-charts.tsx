import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { callStatisticsQuery } from '../../api/destinations';
import { callsQuery } from '../../api/executions';
import { BarChart, type Bucket } from '../../ui/bar-chart';
import { ErrorNote } from '../../ui/feedback';
import { LineChart, type LineBucket } from '../../ui/line-chart';
import { duration } from '../../ui/time';
import { percent } from '../destinations/standing';

/** For as long as calls are counted: seven days. */
const SPANS = [
  { hours: 24, label: '24 hours' },
  { hours: 24 * 3, label: '3 days' },
  { hours: 24 * 7, label: '7 days' },
] as const;

const BUCKETS = 48;

const CALLS = [
  { name: 'Went well', color: '--chart-delivered' },
  { name: 'Failed', color: '--chart-bad' },
] as const;

const LATENCIES = [
  { name: 'Median', key: 'p50', color: '--chart-delivered' },
  { name: '95 %', key: 'p95', color: '--chart-waiting' },
  { name: '99 %', key: 'p99', color: '--chart-bad' },
] as const;

/** How calls to a destination went, and how long they took. */
export function DestinationCharts({ origin }: { origin: string }) {
  const [hours, setHours] = useState<number>(24);
  const calls = useQuery(callsQuery({ hours, buckets: BUCKETS }, origin));
  const { data: figures } = useQuery(callStatisticsQuery(origin, hours));
  const buckets = calls.data?.buckets ?? [];
  return (
    <div class="charts">
      <section class="card chart-card" aria-label="Calls">
        <div class="row">
          <h2 class="grow">Calls</h2>
          <div class="chips" role="group" aria-label="Time">
            {SPANS.map((span) => (
              <button
                key={span.hours}
                type="button"
                class="chip"
                aria-pressed={span.hours === hours}
                onClick={() => {
                  setHours(span.hours);
                }}
              >
                {span.label}
              </button>
            ))}
          </div>
        </div>
        <div class="figures numeric">
          {CALLS.map(({ name, color }, index) => (
            <span key={name} class="legend muted">
              <i style={{ background: `var(${color})` }} />
              <b>
                {figures === undefined
                  ? '–'
                  : (index === 0 ? figures.delivered : figures.failed).toLocaleString()}
              </b>{' '}
              {name.toLowerCase()}
            </span>
          ))}
          {figures?.success_rate != null && (
            <span class="muted">
              <b>{percent(figures.success_rate)}</b> success
            </span>
          )}
        </div>
        {calls.isError ? (
          <ErrorNote error={calls.error} onRetry={() => void calls.refetch()} />
        ) : (
          <BarChart
            label="Calls over time"
            caption="By the hour in which calls were made"
            series={CALLS}
            buckets={buckets.map(({ from, to, delivered, failed }) => ({
              from,
              to,
              values: [delivered, failed],
            }))}
            describe={describeCalls}
          />
        )}
      </section>
      <section class="card chart-card" aria-label="Latency">
        <h2>Latency</h2>
        <div class="figures numeric">
          {LATENCIES.map(({ name, key, color }) => (
            <span key={name} class="legend muted">
              <i style={{ background: `var(${color})` }} />
              <b>{figures?.latency_ms == null ? '–' : duration(figures.latency_ms[key])}</b>{' '}
              {name.toLowerCase()}
            </span>
          ))}
        </div>
        <LineChart
          label="Latency of calls over time"
          caption="Logarithmic, failed calls too"
          series={LATENCIES}
          buckets={buckets.map(({ from, to, latency_ms: latency }) => ({
            from,
            to,
            values: latency === null ? null : LATENCIES.map(({ key }) => latency[key]),
          }))}
          describe={describeLatency}
        />
      </section>
    </div>
  );
}

const hour = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

function describeCalls({ from, values: [delivered = 0, failed = 0] }: Bucket): string {
  return `${hour.format(new Date(from))}: ${delivered} went well, ${failed} failed`;
}

function describeLatency({ from, values }: LineBucket): string {
  const parts = values?.map(
    (value, index) => `${LATENCIES[index]?.name.toLowerCase() ?? ''} ${duration(value)}`,
  );
  return `${hour.format(new Date(from))}: ${parts?.join(', ') ?? 'no calls'}`;
}
