import { z } from 'zod';
import type { AcceptedEvent } from '../../ingest/event-intake';
import { eventKey } from '../../ingest/event-key';
import { eventSchema, type IncomingEvent } from '../../rules/event';
import { eventIdSchema } from '../../rules/event-id';
import { workflowIdOf } from '../../shared/ids';
import type { EventMatch, StoredEvent } from '../../store/event-store';

/** How many of the rules that did not match are explained. */
export const MAX_EXPLAINED = 100;

/** How many executions the answer about one event has; `GET /v1/executions?event=` has them all. */
export const MAX_LISTED_MATCHES = 100;

export const event = eventSchema.meta({
  id: 'Event',
  description: 'Something that happened: a change of a scorecard, or an event of your own type.',
});

/** An event in a batch, where one that is not valid spoils no other. */
export const eventInBatch = z.unknown().meta({ anyOf: [{ $ref: '#/components/schemas/EventInput' }, {}] });

export const idempotencyKey = eventIdSchema
  .optional()
  .meta({ description: 'The event’s id, when its body has none.' });

export const traceparent = z.string().optional().meta({
  description: 'Of the sender’s span (W3C Trace Context). Heeded where tracing is on and it is valid.',
});

const execution = z.object({
  execution_id: z.string(),
  workflow_id: z.string().meta({ description: 'In Temporal.' }),
  rule_id: z.string(),
  reason: z.string().meta({ description: 'Why the rule matched.' }),
});

const state = z.enum(['started', 'on_its_way']).meta({
  description:
    '`started`: every execution is durably there; `on_its_way`: what starts them is durably there.',
});

/** What became of an event. */
export const acceptedEvent = z
  .object({
    event_id: z.string(),
    duplicate: z.boolean().meta({ description: 'It had been accepted before; nothing was started now.' }),
    state,
    matched: z.int().meta({ description: 'How many rules matched.' }),
    executions: z.array(execution).meta({ description: 'Some of them, when there are very many.' }),
    unmatched: z
      .object({ total: z.int(), rules: z.array(z.object({ rule_id: z.string(), reason: z.string() })) })
      .optional()
      .meta({ description: 'Why other rules did not match: some of them. With `explain=true`.' }),
  })
  .meta({ id: 'AcceptedEvent' });

/** An event in a list. */
export const listedEvent = z
  .object({
    event_id: z.string().meta({ description: 'By which it is found: that of a trial is `trial/<its id>`.' }),
    type: z.string(),
    scorecard_id: z.string().nullable(),
    domain: z.string().nullable(),
    received_at: z.iso.datetime(),
    state,
    matched: z.int(),
  })
  .meta({ id: 'ListedEvent' });

/** An event that was accepted. */
export const storedEvent = z
  .object({
    event_id: z.string(),
    event: z.record(z.string(), z.unknown()).meta({ description: 'As it was sent.' }),
    received_at: z.iso.datetime(),
    state,
    matched: z.int(),
    executions: z.array(execution).meta({ description: `${MAX_LISTED_MATCHES} of them at most.` }),
  })
  .meta({ id: 'StoredEvent' });

/** Where an event that was accepted is found. */
export function locationOf(event: IncomingEvent, { eventId }: AcceptedEvent): string {
  return `/v1/events/${encodeURIComponent(eventKey(event, eventId))}`;
}

export function acceptedAnswer(accepted: AcceptedEvent): z.input<typeof acceptedEvent> {
  const { eventId, duplicate, state, matched, executions, unmatched } = accepted;
  return {
    event_id: eventId,
    duplicate,
    state,
    matched,
    executions: executions.map(executionAnswer),
    ...(unmatched && {
      unmatched: {
        total: unmatched.total,
        rules: unmatched.rules.map(({ ruleId, reason }) => ({ rule_id: ruleId, reason })),
      },
    }),
  };
}

export function listedAnswer({
  id,
  event,
  receivedAt,
  state,
  matched,
}: StoredEvent): z.input<typeof listedEvent> {
  return {
    event_id: id,
    type: event.type,
    scorecard_id: event.scorecard_id ?? null,
    domain: event.domain ?? null,
    received_at: receivedAt,
    state: stateOf(state),
    matched,
  };
}

export function storedAnswer(
  { id, event, receivedAt, state, matched }: StoredEvent,
  matches: readonly EventMatch[],
): z.input<typeof storedEvent> {
  return {
    event_id: id,
    event: { ...event },
    received_at: receivedAt,
    state: stateOf(state),
    matched,
    executions: matches.map(executionAnswer),
  };
}

function executionAnswer({
  executionId,
  ruleId,
  reason,
}: Pick<EventMatch, 'executionId' | 'ruleId' | 'reason'>): z.input<typeof execution> {
  return { execution_id: executionId, workflow_id: workflowIdOf(executionId), rule_id: ruleId, reason };
}

function stateOf(state: StoredEvent['state']): z.input<typeof listedEvent>['state'] {
  return state === 'pending' ? 'on_its_way' : 'started';
}
