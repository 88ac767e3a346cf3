import { MAX_NAME_LENGTH, MAX_URL_LENGTH } from '../shared/limits';
import type { EscalatedExecution } from '../shared/escalations';
import { markup, type Markup } from '../shared/markup';
import { headersOf } from './headers';
import { adviceList, htmlMail, labelled, link } from './html-mail';
import { cleanlyNamed, domainOf, parseMailbox } from './mailbox';
import type { MailAddress, MailMessage } from './message';
import { oneLine } from './one-line';

/** Longest error that a line quotes. Characters. */
const MAX_ERROR_LENGTH = 200;

/** Executions that the text lists: of more, a file lists all. */
const MAX_LISTED = 100;

/** What the mail about gathered escalations is made of. */
export interface DigestMailFacts {
  workspace: string;
  /** A UUID. */
  noticeId: string;
  ruleName: string;
  /** All of them, oldest first. */
  escalated: EscalatedExecution[];
  to: MailAddress;
  /** The operator's setting: `local@domain` or `Name <local@domain>`. */
  from: string;
  /** Where all of them can be retried. */
  retryPage: string;
  /** Where an execution is shown. */
  executionPage: (executionId: string) => string;
}

/**
 * The mail to the owner of a rule of which several webhooks failed for good. It lists the first 100 in its text, and if there
 * are more, all of them in a file. Its Message-ID follows from the notice.
 *
 * @throws TypeError when an address is not `local@domain`
 */
export function digestMail(facts: DigestMailFacts): MailMessage {
  const { workspace, noticeId, escalated, to, retryPage, executionPage } = facts;
  const from = parseMailbox(facts.from);
  const ruleName = oneLine(facts.ruleName, MAX_NAME_LENGTH);
  const id = `digest-${noticeId}`;
  const count = escalated.length;
  const isLong = count > MAX_LISTED;
  const requests = count === 1 ? '1 further webhook request' : `${count} further webhook requests`;
  const failure = `${requests} for the Rule ${ruleName} failed due to a network or destination server issue.`;
  const subject =
    count === 1
      ? '[Action Required] Failed Webhook Request'
      : `[Action Required] ${count} Failed Webhook Requests`;
  const retry = `Retry ${count === 1 ? 'it' : `all ${count} of these`} (a page asks first)`;
  const heading = isLong ? `The first ${MAX_LISTED}; the attached file lists all ${count}:` : 'Details:';
  const listed = escalated.slice(0, MAX_LISTED).map((each) => shown(each, executionPage));
  return {
    kind: 'digest',
    id,
    messageId: `<${id}@${domainOf(from)}>`,
    from: cleanlyNamed(from, MAX_NAME_LENGTH),
    to: cleanlyNamed(to, MAX_NAME_LENGTH),
    subject,
    text: `${failure}

Please try one of the following:

* Edit the Rule to have the web request sent to a different URL
* Check your service internally or credentials for service availability

${retry}: ${retryPage}
On the command line: rule-webhooks bulk start restart_from_failed --notice ${noticeId}

${heading}

${listed.map(paragraphOf).join('\n')}`,
    html: htmlMail(
      subject,
      markup`<p>${failure}</p>
${adviceList}
${link(retryPage, retry)}
<p>On the command line: <code>rule-webhooks bulk start restart_from_failed --notice ${noticeId}</code></p>
<p>${heading}</p>
${listed.map(itemOf)}`,
    ),
    headers: headersOf(workspace, from),
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

/** A failure as both parts show it: each text fills one line and no more. */
interface Shown {
  title: string;
  executionId: string;
  page: string;
  url: string;
  error: string;
}

function shown(
  { executionId, domain, url, error, at }: EscalatedExecution,
  executionPage: DigestMailFacts['executionPage'],
): Shown {
  return {
    title: domain === null ? at : `${at} ${oneLine(domain, MAX_NAME_LENGTH)}`,
    executionId,
    page: executionPage(executionId),
    url: oneLine(url, MAX_URL_LENGTH),
    error: oneLine(error, MAX_ERROR_LENGTH),
  };
}

function paragraphOf({ title, executionId, page, url, error }: Shown): string {
  return `${title}
  Execution: ${executionId}
  Webhook URL: ${url}
  HTTP error: ${error}
  ${page}
`;
}

function itemOf({ title, page, url, error }: Shown): Markup {
  return markup`<p><a href="${page}" style="color:#1d4ed8">${title}</a><br>
${labelled('Webhook URL', url)}<br>
${labelled('HTTP error', error)}</p>
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
