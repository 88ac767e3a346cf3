import { createHash } from 'node:crypto';
import { MAX_NAME_LENGTH, MAX_URL_LENGTH } from '../shared/limits';
import { markup } from '../shared/markup';
import { headersOf } from './headers';
import { htmlMail, labelled } from './html-mail';
import { cleanlyNamed, domainOf, parseMailbox } from './mailbox';
import type { MailAddress, MailMessage } from './message';
import { oneLine } from './one-line';

/** What the mail about a destination that works again is made of. */
export interface RecoveredMailFacts {
  workspace: string;
  origin: string;
  /** ISO 8601, UTC. */
  failingSince: string;
  recoveredAt: string;
  to: MailAddress;
  /** The operator's setting: `local@domain` or `Name <local@domain>`. */
  from: string;
}

const SUBJECT = '[Recovered] Destination works again';
const AFTER =
  'What was held or waits for a retry goes on by itself. What was escalated meanwhile is not sent again by itself; to restart it:';

/**
 * The mail to those who were told that a destination failed. Its Message-ID follows from the outage and the recipient.
 *
 * @throws TypeError when an address is not `local@domain`
 */
export function recoveredMail(facts: RecoveredMailFacts): MailMessage {
  const from = parseMailbox(facts.from);
  const origin = oneLine(facts.origin, MAX_URL_LENGTH);
  const about = [facts.workspace, facts.origin, facts.failingSince, facts.to.address].join('\n');
  const workspace = oneLine(facts.workspace, MAX_NAME_LENGTH);
  const what = `Calls to ${origin} go well again, since ${facts.recoveredAt}. They had failed since ${facts.failingSince}.`;
  const command = `rule-webhooks recover ${origin} --since ${facts.failingSince}`;
  const id = `recovered-${createHash('sha256').update(about).digest('hex').slice(0, 32)}`;
  return {
    kind: 'recovered',
    id,
    messageId: `<${id}@${domainOf(from)}>`,
    from: cleanlyNamed(from, MAX_NAME_LENGTH),
    to: cleanlyNamed(facts.to, MAX_NAME_LENGTH),
    subject: SUBJECT,
    text: `${what}

${AFTER}

  ${command}

Workspace: ${workspace}
Destination: ${origin}
`,
    html: htmlMail(
      SUBJECT,
      markup`<p>${what}</p>
<p>${AFTER}</p>
<p><code>${command}</code></p>
<p>${labelled('Workspace', workspace)}<br>
${labelled('Destination', origin)}</p>`,
    ),
    headers: headersOf(facts.workspace, from),
  };
}
