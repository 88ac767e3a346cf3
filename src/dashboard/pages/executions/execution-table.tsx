import { Link } from 'wouter-preact';
import type { ExecutionSummary } from '../../api/types';
import { StatusBadge } from '../../ui/status-badge';
import { duration, Time } from '../../ui/time';

/** A row for each execution; the whole of it leads to the execution. */
export function ExecutionTable({ executions }: { executions: readonly ExecutionSummary[] }) {
  return (
    <div class="table-wrap">
      <table class="list stacks">
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Rule</th>
            <th scope="col">Domain</th>
            <th scope="col">Event</th>
            <th scope="col">Took</th>
            <th scope="col" class="end">
              Started
            </th>
          </tr>
        </thead>
        <tbody>
          {executions.map((execution) => (
            <Row key={execution.execution_id} execution={execution} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ execution }: { execution: ExecutionSummary }) {
  const {
    execution_id: id,
    rule,
    domain,
    event,
    status,
    started_at: startedAt,
    ended_at: endedAt,
  } = execution;
  return (
    <tr class="is-clickable">
      <td>
        <span class="row">
          <StatusBadge status={status} />
          {execution.next_retry_at !== null && (
            <span class="muted">
              next try <Time at={execution.next_retry_at} />
            </span>
          )}
        </span>
      </td>
      <td>
        <Link href={`/executions/${id}`} class="row-link">
          {rule.id}
        </Link>{' '}
        {execution.test && <span class="tag">trial</span>}
      </td>
      <td data-label="Domain">{domain ?? <span class="faint">—</span>}</td>
      <td>
        <span class="row event-cell">
          <span>{event.type}</span>
          {event.id !== null && <span class="mono faint ellipsis event-id">{event.id}</span>}
        </span>
      </td>
      <td class="numeric muted nowrap">
        {endedAt === null ? '' : duration(Date.parse(endedAt) - Date.parse(startedAt))}
      </td>
      <td class="end muted">
        <Time at={startedAt} />
      </td>
    </tr>
  );
}
