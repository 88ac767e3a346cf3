import { MAX_NAME_LENGTH, MAX_URL_LENGTH } from '../shared/limits';
import type { EscalatedExecution } from '../shared/escalations';
import { AUTOMATIC_HEADERS } from './headers';
import { cleanlyNamed, domainOf, parseMailbox } from './mailbox';
import type { MailAddress, MailMessage } from './message';
import { oneLine } from './one-line';

/** Longest error that a line quotes. Characters. */
const MAX_ERROR_LENGTH = 200;

/** Executions that the text lists: of more, a file lists all. */
const MAX_LISTED = 100;

/** What the mail about gathered escalations is made of. */
export interface DigestMailFacts {
  /** A UUID. */
  noticeId: string;
  ruleName: string;
  /** All of them, oldest first. */
  escalated: EscalatedExecution[];
  to: MailAddress;
  /** The operator's setting: `local@domain` or `Name <local@domain>`. */
  from: string;
}

/**
 * The mail to the owner of a rule of which several webhooks failed for good. It lists the first 100 in its text, and if there
 * are more, all of them in a file. Its Message-ID follows from the notice.
 *
 * @throws TypeError when an address is not `local@domain`
 */
export function digestMail({ noticeId, escalated, to, ...facts }: DigestMailFacts): MailMessage {
  const from = parseMailbox(facts.from);
  const ruleName = oneLine(facts.ruleName, MAX_NAME_LENGTH);
  const id = `digest-${noticeId}`;
  const count = escalated.length;
  const isLong = count > MAX_LISTED;
  const requests = count === 1 ? '1 further webhook request' : `${count} further webhook requests`;
  return {
    id,
    messageId: `<${id}@${domainOf(from)}>`,
    from: cleanlyNamed(from, MAX_NAME_LENGTH),
    to: cleanlyNamed(to, MAX_NAME_LENGTH),
    subject:
      count === 1
        ? '[Action Required] Failed Webhook Request'
        : `[Action Required] ${count} Failed Webhook Requests`,
    text: `${requests} for the Rule ${ruleName} failed due to a network or destination server issue.

Please try one of the following:

* Edit the Rule to have the web request sent to a different URL
* Check your service internally or credentials for service availability

${isLong ? `The first ${MAX_LISTED}; the attached file lists all ${count}:` : 'Details:'}

${escalated.slice(0, MAX_LISTED).map(paragraphOf).join('\n')}`,
    headers: { ...AUTOMATIC_HEADERS },
    ...(isLong && {
      attachments: [
        {
          filename: 'failed-requests.csv',
          contentType: 'text/csv; charset=utf-8',
          content: csvOf(escalated),
        },
      ],
    }),
  };
}

function paragraphOf({ executionId, domain, url, error, at }: EscalatedExecution): string {
  const about = domain === null ? '' : ` ${oneLine(domain, MAX_NAME_LENGTH)}`;
  return `${at}${about}
  Execution: ${executionId}
  Webhook URL: ${oneLine(url, MAX_URL_LENGTH)}
  HTTP error: ${oneLine(error, MAX_ERROR_LENGTH)}
`;
}

/** RFC 4180. */
function csvOf(escalated: readonly EscalatedExecution[]): string {
  const rows = escalated.map(({ at, executionId, domain, url, error }) => [
    at,
    executionId,
    domain ?? '',
    url,
    error,
  ]);
  return [['failed_at', 'execution_id', 'domain', 'webhook_url', 'http_error'], ...rows]
    .map((row) => `${row.map(field).join(',')}\r\n`)
    .join('');
}

/** What a spreadsheet would take for a formula is marked as text: it comes from outside. */
function field(text: string): string {
  const line = oneLine(text, MAX_URL_LENGTH);
  const plain = /^[=+\-@\t\r]/.test(line) ? `'${line}` : line;
  return `"${plain.replaceAll('"', '""')}"`;
}
