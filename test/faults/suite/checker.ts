import { checkCalls, type CallFigures } from './checks/calls';
import { checkEvents, type EventFigures } from './checks/events';
import { checkExecutions } from './checks/executions';
import { checkMails, type MailFigures } from './checks/mails';
import { checkRetries, type RetryFigures } from './checks/retries';
import type { Violation } from './checks/violation';
import type { Ledgers } from './ledgers';

/** What the checker has to say of a round. */
export interface Verdict {
  violations: Violation[];
  events: EventFigures;
  calls: CallFigures;
  retries: RetryFigures;
  mails: MailFigures;
}

/** Compares what was promised with what was done. Pure: the same ledgers always have the same verdict. */
export function check(ledgers: Ledgers): Verdict {
  const events = checkEvents(ledgers);
  const calls = checkCalls(ledgers);
  const retries = checkRetries(ledgers);
  const mails = checkMails(ledgers);
  return {
    violations: [
      ...[events, calls, retries, mails].flatMap(({ violations }) => violations),
      ...checkExecutions(ledgers),
    ],
    events: events.figures,
    calls: calls.figures,
    retries: retries.figures,
    mails: mails.figures,
  };
}
