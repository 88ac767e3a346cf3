import { z } from 'zod';

export const EXECUTION_STATUSES = [
  'delivering',
  'waiting_for_retry',
  'held',
  'paused',
  'escalating',
  'delivered',
  'escalated',
  'cancelled',
  'abandoned',
  'failed',
  'terminated',
] as const;

const status = z.enum(EXECUTION_STATUSES);

const summary = {
  execution_id: z.string(),
  workflow_id: z.string().meta({ description: 'In Temporal.' }),
  domain: z.string().nullable(),
  event: z.object({ id: z.string().nullable(), type: z.string() }),
  status,
  test: z.boolean().meta({ description: 'Somebody asked for it, to try the rule.' }),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
  next_retry_at: z.iso.datetime().nullable(),
};

/** An execution in a list. */
export const executionSummary = z
  .object({ ...summary, rule: z.object({ id: z.string() }) })
  .meta({ id: 'ExecutionSummary' });

const attempt = z
  .object({
    number: z.int().meta({ description: 'Of its step, from 1.' }),
    url: z.string().nullable(),
    request: z
      .object({
        method: z.string(),
        headers: z
          .record(z.string(), z.string())
          .nullable()
          .meta({ description: 'As sent, with `[redacted]` for what is secret; null when not on record.' }),
        body: z.string().nullable(),
        truncated: z.boolean(),
      })
      .nullable(),
    started_at: z.string().nullable(),
    duration_ms: z.number().nullable(),
    status: z.int().nullable(),
    error: z.string().nullable().meta({ description: 'Null when it was delivered.' }),
    response: z
      .object({
        headers: z.record(z.string(), z.string()),
        body: z.string(),
        encoding: z.enum(['utf8', 'base64']),
        truncated: z.boolean(),
      })
      .nullable(),
    timing: z
      .object({
        dns_ms: z.number().nullable(),
        connect_ms: z.number().nullable(),
        tls_ms: z.number().nullable(),
        first_byte_ms: z.number().nullable(),
        body_ms: z.number().nullable(),
        reused_connection: z.boolean(),
      })
      .nullable()
      .meta({ description: 'Where its time went; null when not on record.' }),
  })
  .meta({ id: 'ExecutionAttempt', description: 'One call of a webhook.' });

const step = z.object({
  id: z.string(),
  target: z.string(),
  state: z.enum([
    'pending',
    'kept',
    'delivering',
    'waiting_for_room',
    'waiting_for_retry',
    'held',
    'delivered',
    'failed',
    'skipped',
  ]),
  reason: z.string().nullable().meta({
    description:
      'Why it was skipped, is or was held until it was given up, or waits for room (for its destination’s limits); neither of these is an attempt.',
  }),
  attempts: z.array(attempt),
  answer: z
    .object({ url: z.string(), status: z.int(), body_bytes: z.int(), truncated: z.boolean() })
    .nullable()
    .meta({ description: 'What it handed on to later steps.' }),
  schedule: z
    .array(
      z.object({
        number: z.int(),
        planned_at: z.iso.datetime(),
        made_at: z.iso.datetime().nullable(),
        state: z.enum(['made', 'due', 'to_come', 'not_needed']),
      }),
    )
    .meta({ description: 'Its retries; none before its first attempt.' }),
});

/** An execution with its whole timeline. */
export const executionDetail = z
  .object({
    ...summary,
    rule: z.object({ id: z.string(), version: z.string(), name: z.string() }),
    created_at: z.string(),
    trigger: z.unknown(),
    steps: z.array(step),
    next_retry: z.object({ number: z.int(), of: z.int(), at: z.string() }).nullable(),
    hold: z
      .object({
        reason: z.string(),
        looks_again_at: z.string(),
        until: z.string().meta({ description: 'When it is given up and escalated.' }),
      })
      .nullable(),
    cancellation: z.object({ by: z.string(), reason: z.string().nullable() }).nullable(),
    restart_of: z.string().nullable().meta({ description: 'The execution that it makes good.' }),
    restarted_as: z.string().nullable().meta({ description: 'The execution that makes it good.' }),
    escalation: z
      .object({
        to: z.string(),
        message_id: z.string().nullable().meta({ description: 'Null when it is listed in a digest.' }),
        sent_at: z.string().nullable(),
        gathered_until: z.string().nullable().meta({ description: 'When that digest is due.' }),
        mail: z
          .object({ subject: z.string(), text: z.string() })
          .nullable()
          .meta({
            description:
              'What it says, without its links: whoever has one may restart the execution. Null when it is listed in a ' +
              'digest, or not on record any more.',
          }),
        digest: z
          .object({ id: z.string(), executions: z.int() })
          .nullable()
          .meta({ description: 'The one that lists it, and how many that does. Null before there is one.' }),
      })
      .nullable(),
    reason: z.string().nullable().meta({ description: 'Why it was abandoned.' }),
  })
  .meta({ id: 'Execution' });
