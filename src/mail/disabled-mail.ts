import { createHash } from 'node:crypto';
import { MAX_NAME_LENGTH, MAX_REASON_LENGTH, MAX_URL_LENGTH } from '../shared/limits';
import { markup } from '../shared/markup';
import { headersOf } from './headers';
import { htmlMail, labelled, link } from './html-mail';
import { cleanlyNamed, domainOf, parseMailbox } from './mailbox';
import type { MailAddress, MailMessage } from './message';
import { oneLine } from './one-line';

/** What the mail about a destination that was disabled is made of. */
export interface DisabledMailFacts {
  workspace: string;
  origin: string;
  reason: string;
  /** ISO 8601, UTC. */
  failingSince: string;
  to: MailAddress;
  /** The operator's setting: `local@domain` or `Name <local@domain>`. */
  from: string;
  /** Where those are shown that are held meanwhile. */
  heldPage: string;
}

const SUBJECT = '[Action Required] Destination disabled';
const MEANWHILE =
  'No event is lost meanwhile. What your rules would call there is held, and goes on when the destination is enabled again; what is held for longer than 36 hours is escalated.';
const HELD = 'See what is held';

/**
 * The mail to the owner of a rule whose destination was disabled. Its Message-ID follows from the outage and the recipient,
 * so a mail that is sent again can be recognised as the same one.
 *
 * It offers no retry: what would be called there is held either way, and enabling the destination lets all of it go on.
 *
 * @throws TypeError when an address is not `local@domain`
 */
export function disabledMail(facts: DisabledMailFacts): MailMessage {
  const from = parseMailbox(facts.from);
  const origin = oneLine(facts.origin, MAX_URL_LENGTH);
  const reason = oneLine(facts.reason, MAX_REASON_LENGTH);
  const about = [facts.workspace, facts.origin, facts.failingSince, facts.to.address].join('\n');
  const workspace = oneLine(facts.workspace, MAX_NAME_LENGTH);
  const what = `Calls to ${origin} were stopped: ${reason}. They have failed since ${facts.failingSince}.`;
  const command = `rule-webhooks destinations enable ${origin}`;
  const id = `disabled-${createHash('sha256').update(about).digest('hex').slice(0, 32)}`;
  return {
    kind: 'disabled',
    id,
    messageId: `<${id}@${domainOf(from)}>`,
    from: cleanlyNamed(from, MAX_NAME_LENGTH),
    to: cleanlyNamed(facts.to, MAX_NAME_LENGTH),
    subject: SUBJECT,
    text: `${what}

${MEANWHILE}

When it works again:

  ${command}

${HELD}: ${facts.heldPage}

Workspace: ${workspace}
Destination: ${origin}
`,
    html: htmlMail(
      SUBJECT,
      markup`<p>${what}</p>
<p>${MEANWHILE}</p>
<p>When it works again:</p>
<p><code>${command}</code></p>
${link(facts.heldPage, HELD)}
<p>${labelled('Workspace', workspace)}<br>
${labelled('Destination', origin)}</p>`,
    ),
    headers: headersOf(facts.workspace, from),
  };
}
