/** One person or mailbox. The two parts stay apart all the way, so that neither can be read as a second recipient. */
export interface MailAddress {
  name?: string;
  address: string;
}

/** A file that goes with a mail. */
export interface MailAttachment {
  filename: string;
  contentType: string;
  content: string;
}

/** What a mail tells of. */
export type MailKind = 'escalation' | 'digest' | 'disabled' | 'recovered';

/** A mail to one recipient. */
export interface MailMessage {
  kind: MailKind;
  /** Stays the same however often this mail is sent; names the file when mail goes to a folder. */
  id: string;
  /** With its angle brackets. */
  messageId: string;
  from: MailAddress;
  to: MailAddress;
  subject: string;
  text: string;
  /** The same words and links. */
  html: string;
  headers: Record<string, string>;
  attachments?: MailAttachment[];
}
