import { domainOf } from './mailbox';
import type { MailAddress } from './message';

/** RFC 3834, and what Exchange and Outlook heed instead. Without them an out-of-office note answers each mail. */
const AUTOMATIC = {
  'Auto-Submitted': 'auto-generated',
  'X-Auto-Response-Suppress': 'OOF, AutoReply',
};

/**
 * What every mail says of itself to programs: that no person wrote it, and which of a workspace's it is one of, for filters of
 * mail programs (RFC 2919).
 *
 * @param workspace its id
 * @throws TypeError when the sender is not `local@domain`
 */
export function headersOf(workspace: string, from: MailAddress): Record<string, string> {
  return {
    ...AUTOMATIC,
    'List-Id': `Rule Webhooks escalations <escalations.${workspace}.${domainOf(from)}>`,
  };
}
