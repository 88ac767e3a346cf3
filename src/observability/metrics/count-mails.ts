import type { MailTransport } from '../../mail/transport';
import type { Instruments } from './instruments';

/** Counts the mails that were sent, and each try that failed. */
export function countMails(mail: MailTransport, { mails }: Instruments): MailTransport {
  return {
    ...mail,
    async send(message, abort) {
      const { kind } = message;
      try {
        const sent = await mail.send(message, abort);
        mails.inc({ kind, outcome: 'sent' });
        return sent;
      } catch (error) {
        mails.inc({ kind, outcome: 'failed' });
        throw error;
      }
    },
  };
}
