import { z } from 'zod';
import { lineOfText, slug } from './text';
import { MAX_NAME_LENGTH } from '../shared/limits';
import { isMailAddress } from '../shared/mail-address';

/** The very check of the mail's side, so that no owner is accepted whose mail could not be made later. */
const ownerAddress = z.string().refine(isMailAddress, 'is not an e-mail address');

/** Who gets the escalation e-mail: somebody by address, or a member, as that member is when it is sent. */
export const ownerSchema = z.union([
  z.strictObject({ name: lineOfText(MAX_NAME_LENGTH).optional(), email: ownerAddress }),
  z.strictObject({ member: slug }),
]);
