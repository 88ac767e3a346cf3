import { temporal } from '@temporalio/proto';
import type { Payload } from '@temporalio/common';
import { z } from 'zod';

const { Payload: Message } = temporal.api.common.v1;

const base64 = z
  .string()
  // Zod's own regular expression is too slow for megabytes.
  .refine((text) => Buffer.from(text, 'base64').toString('base64') === text, 'must be base64')
  .meta({ contentEncoding: 'base64' });

/** What is not known here is kept: Temporal may have given a payload more. */
const payload = z
  .looseObject({
    metadata: z.record(z.string(), base64).nullish(),
    data: base64.nullish(),
  })
  .meta({ id: 'TemporalPayload', description: 'A payload as Temporal writes it in JSON.' });

export const payloadsSchema = z.object({ payloads: z.array(payload) });

/** @throws Error when something besides its metadata and data is no payload's */
export function payloadFrom(json: z.output<typeof payload>): Payload {
  return Message.fromObject(json);
}

export function jsonOf(each: Payload): z.input<typeof payload> {
  return Message.toObject(Message.fromObject(each), { bytes: String, longs: String });
}
