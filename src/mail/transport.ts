import { createTransport } from 'nodemailer';
import type { NodemailerError, SendMailOptions } from 'nodemailer';
import { writeMail } from './mail-folder';
import type { MailMessage } from './message';
import { oneLine } from './one-line';
import type { SmtpServer } from './smtp-url';
import { parseSmtpUrl } from './smtp-url';

/** Time for DNS, connecting, TLS and greeting together. Milliseconds. */
const CONNECTION_TIMEOUT_MS = 10_000;

/** Time for the greeting, within the one above. Milliseconds. */
const GREETING_TIMEOUT_MS = 10_000;

/** How long the server may be silent later on. Milliseconds. */
const SOCKET_TIMEOUT_MS = 30_000;

/** Time for one whole attempt: a server that drips its answers never lets the time-outs above pass. Milliseconds. */
const SEND_TIMEOUT_MS = 55_000;

/** Longest reason or answer that is kept. Characters. */
const MAX_REASON_LENGTH = 500;

/** What became of a mail that was sent. */
export interface SentMail {
  messageId: string;
  /** The server's last answer, which often names the mail in its queue; or the path of the file. */
  receipt: string;
}

/** The way mail leaves. */
export interface MailTransport {
  /**
   * Sends one mail, within 60 s, or until `abort` (which writing into a folder does not need). A rejection does not prove that the mail was not taken: the answer may have been lost.
   *
   * @throws Error whose message names the server or folder and the reason, and never holds the password.
   */
  send(message: MailMessage, abort?: AbortSignal): Promise<SentMail>;
  /** One line for people about where mail goes; no credentials. */
  describe(): string;
  /** Lets go of what the transport holds. Mails under way end by themselves. */
  close(): void;
}

/**
 * Mail goes to the SMTP server where one is set, else into files of the folder, `<id>.eml`.
 *
 * @throws Error of `parseSmtpUrl`.
 */
export function createMailTransport({
  smtpUrl,
  folder,
}: {
  smtpUrl?: string;
  folder: string;
}): MailTransport {
  return smtpUrl === undefined ? folderTransport(folder) : smtpTransport(parseSmtpUrl(smtpUrl));
}

function smtpTransport(server: SmtpServer): MailTransport {
  const name = `SMTP server ${server.host.includes(':') ? `[${server.host}]` : server.host}:${server.port}`;
  const transporter = createTransport({
    ...server,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    greetingTimeout: GREETING_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
  });
  return {
    async send(message, abort) {
      const clock = AbortSignal.timeout(SEND_TIMEOUT_MS);
      const signal = AbortSignal.any(abort ? [clock, abort] : [clock]);
      try {
        const { response } = await transporter.sendMail({ ...compose(message), signal });
        return { messageId: message.messageId, receipt: presentable(response, server) };
      } catch (error) {
        const reason = clock.aborted ? `no answer within ${SEND_TIMEOUT_MS / 1_000} s` : reasonOf(error);
        // No `cause`: the server's answers in it may repeat the credentials.
        throw new Error(`${name}: ${presentable(reason, server)}`);
      }
    },
    describe: () =>
      `${name} (${server.secure ? 'TLS' : server.requireTLS ? 'STARTTLS' : 'STARTTLS if offered'})`,
    close: () => {
      transporter.close();
    },
  };
}

function folderTransport(folder: string): MailTransport {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return {
    async send(message) {
      try {
        const { message: bytes } = await composer.sendMail(compose(message));
        return {
          messageId: message.messageId,
          receipt: await writeMail(folder, message.id, bytes as Buffer),
        };
      } catch (error) {
        throw new Error(`Mail folder ${folder}: ${reasonOf(error)}`, { cause: error });
      }
    },
    describe: () => `files in ${folder} (no SMTP server is set)`,
    close: () => {
      composer.close();
    },
  };
}

function compose({
  messageId,
  from,
  to,
  subject,
  text,
  html,
  headers,
  attachments = [],
}: MailMessage): SendMailOptions {
  return {
    messageId,
    from: addressed(from),
    to: addressed(to),
    subject,
    text,
    html,
    headers,
    attachments,
    // Keeps every line below SMTP's limit, and each word where it was: "format=flowed" would not.
    encoding: 'quoted-printable',
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

const addressed = ({ name = '', address }: MailMessage['to']) => ({ name, address });

/** A system error says most by its code, such as ECONNREFUSED; nodemailer moves that aside for a code of its own. */
function reasonOf(error: unknown): string {
  const { originalCode = '', message } = error as NodemailerError;
  return /^E[A-Z_]+$/.test(originalCode) ? originalCode : message;
}

/** One line, in which the password is hidden in each form in which it goes over the wire. */
function presentable(text: string, { auth }: SmtpServer): string {
  if (!auth) return oneLine(text, MAX_REASON_LENGTH);
  const base64 = (secret: string) => Buffer.from(secret).toString('base64');
  const forms = [base64(`\0${auth.user}\0${auth.pass}`), base64(auth.pass), auth.pass];
  return oneLine(
    forms.reduce((hidden, form) => hidden.replaceAll(form, '***'), text),
    MAX_REASON_LENGTH,
  );
}
