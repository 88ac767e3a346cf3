import { createHash } from 'node:crypto';
import type { IncomingEvent } from '../rules/event';
import { canonicalJson } from '../shared/canonical-json';

/** The id under which an event is on record. A trial must not use up the id of the real event. */
export function eventKey(event: IncomingEvent, eventId: string): string {
  return event.trial ? `trial/${eventId}` : eventId;
}

/** What tells two events of one id apart: SHA-256 of what the event says, whatever the order of its keys. Hex. */
export function eventHash(event: IncomingEvent): string {
  return createHash('sha256')
    .update(canonicalJson({ ...event, id: undefined }))
    .digest('hex');
}
