import { domainOf } from './mailbox';
import type { MailMessage } from './message';

/**
 * A mail to somebody besides the rule's owner: the same words, and a Message-ID of its own.
 *
 * @param noticeId a UUID
 */
export function asNotice(message: MailMessage, noticeId: string): MailMessage {
  const id = `notice-${noticeId}`;
  return { ...message, id, messageId: `<${id}@${domainOf(message.from)}>` };
}
