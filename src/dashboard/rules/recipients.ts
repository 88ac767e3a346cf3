import type { Json } from '../../shared/json';
import { isSame, textAt } from './document';

/** Who is told besides the owner, in one line: addresses, and members by their ids with "@" before them. */
export function recipientLine(recipients: Json | undefined): string {
  if (!Array.isArray(recipients)) return '';
  return recipients
    .map((each) => (typeof each === 'string' ? each : `@${textAt(each, ['member'])}`))
    .join(', ');
}

/** The recipients that a line names; undefined when it names none. */
export function recipientsOf(line: string): Json[] | undefined {
  const recipients = line
    .split(/[,;\s]+/)
    .filter((each) => each !== '')
    .map((each) => (each.startsWith('@') ? { member: each.slice(1) } : each));
  return recipients.length === 0 ? undefined : recipients;
}

/** Whether a line can say these recipients. */
export function fitsLine(recipients: Json | undefined): boolean {
  return isSame(recipientsOf(recipientLine(recipients)), recipients);
}
