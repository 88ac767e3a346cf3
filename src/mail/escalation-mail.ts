import { MAX_NAME_LENGTH, MAX_URL_LENGTH } from '../shared/limits';
import { isMailAddress } from '../shared/mail-address';
import { markup, type Markup } from '../shared/markup';
import { headersOf } from './headers';
import { adviceList, htmlMail, labelled, link } from './html-mail';
import { cleanlyNamed, domainOf, notAnAddress, parseMailbox } from './mailbox';
import type { MailAddress, MailMessage } from './message';
import { oneLine } from './one-line';

/** Longest error that the mail quotes. Characters. */
const MAX_ERROR_LENGTH = 1_000;

/** What an execution id may hold: it becomes half of a Message-ID, and a file's name. */
const EXECUTION_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** What the mail to a rule's owner is made of. */
export interface FailedExecution {
  workspace: string;
  executionId: string;
  ruleName: string;
  /** The URL that was called last. */
  url: string;
  /** What the last attempt ended with, e.g. `503 Service Unavailable`. */
  error: string;
  /** The rule's owner. */
  to: MailAddress;
  /** The operator's setting: `local@domain` or `Name <local@domain>`. */
  from: string;
  /** Where the execution is shown, and where it can be retried. */
  pages: { execution: string; retry: string };
}

const SUBJECT = '[Action Required] Failed Webhook Request';

/**
 * Subject and text of the mail without the links that follow them: for people who may read, and not press its button. The words
 * are the contract's, to the letter: programs read them.
 */
export function escalationWords(failed: Pick<FailedExecution, 'ruleName' | 'url' | 'error'>): {
  subject: string;
  text: string;
} {
  const { ruleName, url, error } = inLines(failed);
  return {
    subject: SUBJECT,
    text: `${failureOf(ruleName)}

Please try one of the following:

* Edit the Rule to have the web request sent to a different URL
* Check your service internally or credentials for service availability

Details:

Failed Rule: ${ruleName}
Webhook URL: ${url}
HTTP error: ${error}
`,
  };
}

/**
 * The mail to the owner of a rule whose webhook failed for good: the contract's words, then what is ours, the links. The HTML part
 * has the same words.
 *
 * The rule's name (200 characters), the URL (2,048) and the error (1,000) come from outside: each fills one line
 * and no more. The Message-ID depends on the execution alone, so a mail that is sent again, because a worker died
 * after the server had taken it, can be recognised as the same one.
 *
 * @throws TypeError when an address is not `local@domain`, or the execution id is not letters, digits, `-` and `_`.
 */
export function escalationMail(failed: FailedExecution): MailMessage {
  const { executionId, to, pages } = failed;
  if (!EXECUTION_ID.test(executionId)) throw new TypeError('the execution id is not fit for a Message-ID');
  // Whatever a rule was allowed to name as its owner must not stop its mail here: that is the mail server's to judge.
  if (!isMailAddress(to.address)) throw notAnAddress(to.address);
  const from = parseMailbox(failed.from);
  const { subject, text } = escalationWords(failed);
  return {
    kind: 'escalation',
    id: executionId,
    messageId: `<rule-execution.${executionId}@${domainOf(from)}>`,
    from: cleanlyNamed(from, MAX_NAME_LENGTH),
    to: cleanlyNamed(to, MAX_NAME_LENGTH),
    subject,
    text: `${text}
${OPEN}: ${pages.execution}
${RETRY}: ${pages.retry}
`,
    html: htmlMail(subject, contentOf(failed)),
    headers: headersOf(failed.workspace, from),
  };
}

const OPEN = 'See what was sent and answered';
const RETRY = 'Retry it (a page asks first)';

/** What comes from outside: each fills one line. */
function inLines({ ruleName, url, error }: Pick<FailedExecution, 'ruleName' | 'url' | 'error'>) {
  return {
    ruleName: oneLine(ruleName, MAX_NAME_LENGTH),
    url: oneLine(url, MAX_URL_LENGTH),
    error: oneLine(error, MAX_ERROR_LENGTH),
  };
}

function failureOf(ruleName: string): string {
  return `Your webhook requests for the Rule ${ruleName} have failed due to a network or destination server issue. We'll try again the next time a rule is triggered.`;
}

function contentOf({ pages, ...failed }: FailedExecution): Markup {
  const { ruleName, url, error } = inLines(failed);
  return markup`<p>${failureOf(ruleName)}</p>
${adviceList}
<p>Details:</p>
<p>${labelled('Failed Rule', ruleName)}<br>
${labelled('Webhook URL', url)}<br>
${labelled('HTTP error', error)}</p>
${link(pages.execution, OPEN)}
${link(pages.retry, RETRY)}`;
}
