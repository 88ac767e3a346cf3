import { Link } from 'wouter-preact';
import type { ListedEvent } from '../../api/events';
import { Time } from '../../ui/time';

export function EventTable({ events }: { events: readonly ListedEvent[] }) {
  return (
    <div class="table-wrap">
      <table class="list stacks">
        <thead>
          <tr>
            <th scope="col">Type</th>
            <th scope="col">Domain</th>
            <th scope="col">Event</th>
            <th scope="col">Rules matched</th>
            <th scope="col" class="end">
              Received
            </th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <Row key={event.event_id} event={event} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({
  event: { event_id: id, type, domain, matched, state, received_at: at },
}: {
  event: ListedEvent;
}) {
  return (
    <tr class="is-clickable">
      <td>
        <Link href={`/events/${encodeURIComponent(id)}`} class="row-link">
          {type}
        </Link>{' '}
        {id.startsWith('trial/') && <span class="tag">trial</span>}
      </td>
      <td data-label="Domain">{domain ?? <span class="faint">—</span>}</td>
      <td class="mono faint break">{id}</td>
      <td>
        <span class="row">
          {matched === 0 ? (
            <span class="muted">none</span>
          ) : (
            <b class="numeric">{matched.toLocaleString()}</b>
          )}
          {state === 'on_its_way' && <span class="badge info live">On its way</span>}
        </span>
      </td>
      <td class="end muted">
        <Time at={at} />
      </td>
    </tr>
  );
}
