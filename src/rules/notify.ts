import { z } from 'zod';
import { delaySchema } from './retry-delays';

/** How a rule's owner is told of escalations. */
export const notifySchema = z.strictObject({
  /**
   * For how long further escalations are gathered into one e-mail after one of its own; "0": each has its own. Absent: the
   * installation's ESCALATION_DIGEST. Milliseconds.
   */
  digest: z.union([z.literal('0').transform(() => 0), delaySchema]).optional(),
});
