import { z } from 'zod';
import { compileEventSchema } from './event-data-check';
import { customEventTypeSchema } from './event-pattern';
import { EventSchemaError } from './event-schema';
import { jsonObject } from './json-value';
import type { JsonObject } from '../shared/json';
import { MAX_DATA_DEPTH, MAX_DESCRIPTION_LENGTH } from '../shared/limits';

/** A type of the sender's own events, with what their `data` must look like. */
export interface EventTypeDocument {
  /** E.g. `invoice.paid`. */
  name: string;
  description: string | null;
  /** JSON Schema (2020-12) of the event's `data`; null: anything goes. */
  schema: JsonObject | null;
}

/** An event type as people write it; its schema is one that `compileEventSchema` takes. */
export const eventTypeSchema = z.strictObject({
  name: customEventTypeSchema,
  description: z.string().trim().max(MAX_DESCRIPTION_LENGTH).nullable().default(null),
  schema: jsonObject(MAX_DATA_DEPTH)
    .superRefine((schema, context) => {
      try {
        compileEventSchema(schema);
      } catch (error) {
        if (!(error instanceof EventSchemaError)) throw error;
        for (const { keys, message } of error.flaws) {
          context.addIssue({ code: 'custom', path: keys, message });
        }
      }
    })
    .nullable()
    .default(null),
});
