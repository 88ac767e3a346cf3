import { Link } from 'wouter-preact';
import type { Destination } from '../../api/destinations';
import { duration, Time } from '../../ui/time';
import { CallSparkline } from './call-sparkline';
import { percent } from './standing';
import { StandingBadge } from './standing-badge';

export function DestinationTable({ destinations }: { destinations: readonly Destination[] }) {
  return (
    <div class="table-wrap">
      <table class="list stacks">
        <thead>
          <tr>
            <th scope="col">Destination</th>
            <th scope="col">Health</th>
            <th scope="col">Calls, 24 hours</th>
            <th scope="col" class="end">
              Success
            </th>
            <th scope="col" class="end">
              Median
            </th>
            <th scope="col" class="end">
              95 %
            </th>
            <th scope="col" class="end">
              Failed in a row
            </th>
            <th scope="col">Last error</th>
          </tr>
        </thead>
        <tbody>
          {destinations.map((destination) => (
            <Row key={destination.origin} destination={destination} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ destination: { origin, health, calls } }: { destination: Destination }) {
  const { consecutive_failures: failures, last_error: error, last_failure_at: failedAt, disabled } = health;
  const all = calls.delivered + calls.failed;
  return (
    <tr class="is-clickable">
      <td>
        <Link href={`/destinations/${encodeURIComponent(origin)}`} class="row-link break">
          {origin}
        </Link>
      </td>
      <td>
        <StandingBadge health={health} />
      </td>
      <td>
        <span class="row nowrap">
          <CallSparkline origin={origin} hasCalls={all > 0} />
          <span class="numeric muted">{all.toLocaleString()}</span>
        </span>
      </td>
      <td class="end beside numeric" data-label="Success">
        {calls.success_rate === null ? <span class="faint">—</span> : percent(calls.success_rate)}
      </td>
      <td class="end beside numeric nowrap" data-label="Median">
        {calls.latency_ms === null ? <span class="faint">—</span> : duration(calls.latency_ms.p50)}
      </td>
      <td class="end beside numeric nowrap" data-label="95 %">
        {calls.latency_ms === null ? <span class="faint">—</span> : duration(calls.latency_ms.p95)}
      </td>
      <td class="end beside numeric" data-label="Failures in a row">
        {failures === 0 ? <span class="faint">0</span> : <b>{failures.toLocaleString()}</b>}
      </td>
      <td class="last-error">
        {disabled !== null ? (
          <span class="muted clamp">{disabled.reason}</span>
        ) : (
          error !== null && (
            <span class="stack-small">
              <span class="muted clamp" title={error}>
                {error}
              </span>
              {failedAt !== null && (
                <span class="faint">
                  <Time at={failedAt} />
                </span>
              )}
            </span>
          )
        )}
      </td>
    </tr>
  );
}
