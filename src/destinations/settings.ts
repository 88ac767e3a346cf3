import { z } from 'zod';
import { slug } from '../rules/text';

/** What people set for a destination. */
export const destinationSettingsSchema = z.strictObject({
  /** The credential that calls carry unless their step names one. */
  auth: slug.nullable().default(null),
  /** The credential of kind `tls` that calls connect with unless their step names one. */
  tls: slug.nullable().default(null),
  limits: z
    .strictObject({
      /** Calls under way at once, over all processes. Null: the installation's DESTINATION_MAX_CONCURRENT. */
      max_concurrent: z.int().min(1).max(10_000).nullable().default(null),
      /** Calls begun in a second, over all processes. Null: no limit. */
      requests_per_second: z.number().min(0.01).max(10_000).nullable().default(null),
      /** How many may begin at once after a pause. Null: as many as in one second, at least 1. */
      burst: z.int().min(1).max(10_000).nullable().default(null),
    })
    .prefault({}),
});

export type DestinationSettings = z.output<typeof destinationSettingsSchema>;
export type DestinationLimits = DestinationSettings['limits'];
