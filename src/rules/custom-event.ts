import { z } from 'zod';
import { customEventTypeSchema } from './event-pattern';
import { domainSchema } from './domain';
import { eventIdSchema } from './event-id';
import { jsonObject } from './json-value';
import { lineOfText } from './text';
import { MAX_DATA_DEPTH, MAX_NAME_LENGTH } from '../shared/limits';

/**
 * An event of the sender's own type: about a scorecard, or not. Fields beside these are ignored, as those of
 * `scorecard.changed` are: what the event says stands in its `data`.
 */
export const customEventSchema = z.object({
  id: eventIdSchema.optional(),
  type: customEventTypeSchema,
  data: jsonObject(MAX_DATA_DEPTH),
  scorecard_id: lineOfText(MAX_NAME_LENGTH).optional(),
  domain: domainSchema.optional(),
  trial: z.object({ rule_id: lineOfText(MAX_NAME_LENGTH) }).optional(),
});

export type CustomEvent = z.output<typeof customEventSchema>;
