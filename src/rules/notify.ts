import { z } from 'zod';
import { MAX_CHANNELS, MAX_RECIPIENTS } from '../shared/limits';
import { isMailAddress } from '../shared/mail-address';
import { delaySchema } from './retry-delays';
import { slug } from './text';

/** Somebody who is told besides the owner: by address, or a member, as that member is at that moment. */
const recipientSchema = z.union([
  z.string().refine(isMailAddress, 'is not an e-mail address'),
  z.strictObject({ member: slug }),
]);

/** How a rule's owner is told of escalations, and who is told besides. */
export const notifySchema = z.strictObject({
  /**
   * For how long further escalations are gathered into one e-mail after one of its own; "0": each has its own. Absent: the
   * installation's ESCALATION_DIGEST. Milliseconds.
   */
  digest: z.union([z.literal('0').transform(() => 0), delaySchema]).optional(),
  /** Who gets an e-mail besides the owner. */
  recipients: z.array(recipientSchema).max(MAX_RECIPIENTS).check(eachOnce).optional(),
  /** The ids of channels. */
  channels: z.array(slug).max(MAX_CHANNELS).check(eachOnce).optional(),
});

/** Whom a rule tells, and how. */
export type Notify = z.output<typeof notifySchema>;

function eachOnce(context: z.core.ParsePayload<unknown[]>): void {
  const seen = new Set<string>();
  context.value.forEach((each, index) => {
    const key = JSON.stringify(each).toLowerCase();
    if (seen.has(key)) {
      context.issues.push({ code: 'custom', input: each, path: [index], message: 'stands there twice' });
    }
    seen.add(key);
  });
}
