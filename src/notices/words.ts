import { oneLine } from '../mail/one-line';
import type { EscalatedExecution } from '../shared/escalations';
import { MAX_NAME_LENGTH, MAX_REASON_LENGTH } from '../shared/limits';
import { executionPage } from '../shared/public-links';
import type { NoticeFacts } from './facts';

/** Longest URL and error that a message quotes. Characters. */
const MAX_URL_SHOWN = 500;
const MAX_ERROR_SHOWN = 200;

/** What a message says, whatever it is sent by. Each text fills one line, is cut to a length, and may hold any markup. */
export interface NoticeWords {
  /** Ours alone. */
  title: string;
  text: string;
  facts: { name: string; value: string }[];
  /** Executions. */
  items: { label: string; text: string; url: string }[];
  /** How many there are beside `items`. */
  more: number;
  /** Where to look. */
  link?: { label: string; url: string };
}

/** @param publicUrl where people open the service, without a slash at its end */
export function wordsOf(facts: NoticeFacts, publicUrl: string): NoticeWords {
  const nothing = { facts: [], items: [], more: 0 };
  switch (facts.type) {
    case 'escalation.created': {
      const { ruleName, domain, url, error, at, executionId } = facts.escalated;
      return {
        ...nothing,
        title: 'Failed webhook request',
        text: `A webhook request of the rule ${oneLine(ruleName, MAX_NAME_LENGTH)} has failed for good.`,
        facts: [
          ...(domain === null ? [] : [{ name: 'Domain', value: oneLine(domain, MAX_NAME_LENGTH) }]),
          { name: 'Webhook URL', value: oneLine(url, MAX_URL_SHOWN) },
          { name: 'HTTP error', value: oneLine(error, MAX_ERROR_SHOWN) },
          { name: 'Failed at', value: at },
        ],
        link: { label: 'Open the execution', url: executionPage(publicUrl, executionId) },
      };
    }
    case 'escalations.gathered': {
      const { rule, total, escalated } = facts;
      const name = oneLine(rule.name, MAX_NAME_LENGTH);
      return {
        ...nothing,
        title: total === 1 ? 'Failed webhook request' : `${total} failed webhook requests`,
        text: `${total === 1 ? 'A further webhook request' : 'Further webhook requests'} of the rule ${name} failed for good.`,
        items: escalated.map((each) => itemOf(each, publicUrl)),
        more: total - escalated.length,
      };
    }
    case 'destination.disabled':
      return {
        ...nothing,
        title: 'Destination disabled',
        text: `Calls to ${oneLine(facts.origin, MAX_URL_SHOWN)} were stopped. What rules would call there is held.`,
        facts: [
          { name: 'Reason', value: oneLine(facts.reason, MAX_REASON_LENGTH) },
          { name: 'Failing since', value: facts.failingSince },
        ],
      };
    case 'destination.recovered':
      return {
        ...nothing,
        title: 'Destination recovered',
        text: `${oneLine(facts.origin, MAX_URL_SHOWN)} works again.`,
        facts: [
          { name: 'Failed since', value: facts.failingSince },
          { name: 'Works since', value: facts.recoveredAt },
        ],
      };
    case 'channel.test':
      return {
        ...nothing,
        title: 'Test message',
        text: `The channel ${facts.channelId} of the workspace ${facts.workspace} works.`,
      };
  }
}

function itemOf(
  { executionId, domain, error, at }: EscalatedExecution,
  publicUrl: string,
): NoticeWords['items'][number] {
  const about = domain === null ? '' : `${oneLine(domain, MAX_NAME_LENGTH)}: `;
  return {
    label: at,
    text: `${about}${oneLine(error, MAX_ERROR_SHOWN)}`,
    url: executionPage(publicUrl, executionId),
  };
}
