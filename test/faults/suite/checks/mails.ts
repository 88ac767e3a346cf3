import type { Ledgers } from '../ledgers';
import { OWNER } from '../scenario';
import type { Violation } from './violation';

export interface MailFigures {
  mails: number;
  /** Mails that the server took twice. */
  repeated: number;
}

/** Each escalated execution is told of, in a mail of its own or in a digest; each mail has a link for each of its executions. */
export function checkMails({ executions, mails }: Ledgers): {
  violations: Violation[];
  figures: MailFigures;
} {
  const toOwner = mails.filter(({ recipients }) => recipients.includes(OWNER));
  const violations = executions
    .filter(({ status, id }) => status === 'escalated' && !toOwner.some(({ text }) => text.includes(id)))
    .map(({ id, ruleId }): Violation => ({ kind: 'lost-mail', what: `${id} (${ruleId})` }));
  const different = new Set(mails.map(({ text }) => text));
  return { violations, figures: { mails: mails.length, repeated: mails.length - different.size } };
}
