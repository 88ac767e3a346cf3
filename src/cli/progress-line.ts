import { cleanLine } from './text';

/** What happened in an execution, as the API's stream says it. Times are those of the server, ISO 8601. */
export type ProgressEvent = { at: string } & (
  | { kind: 'calling'; call: string }
  | { kind: 'delivered'; call: string; attempt: { response: { status: number }; durationMs: number } }
  | { kind: 'failed'; call: string; error: string }
  | { kind: 'skipped'; call: string; reason: string }
  | { kind: 'waiting'; retry: string; until: string }
  | { kind: 'held'; reason: string }
  | { kind: 'retry-now' | 'paused' | 'resumed' | 'released' }
  | { kind: 'cancelling'; by: string; reason: string | null }
  | { kind: 'escalating' }
  | { kind: 'mailed'; escalation: { to: string; gatheredUntil?: string } }
  | { kind: 'ended'; how: 'completed'; report: { status: string } }
  | { kind: 'ended'; how: 'cancelled' | 'failed' | 'terminated' | 'timed out' }
);

/** One line of a terminal; `who` tells the execution from those that are followed beside it. */
export function progressLine(event: ProgressEvent, who: string): string {
  return `${event.at}  ${who}  ${cleanLine(words(event))}`;
}

/** Whether an execution has ended with all its webhooks delivered. */
export function isDelivered(event: ProgressEvent | undefined): boolean {
  return event?.kind === 'ended' && event.how === 'completed' && event.report.status === 'delivered';
}

function words(event: ProgressEvent): string {
  switch (event.kind) {
    case 'calling':
      return `→ ${event.call}`;
    case 'delivered':
      return `✓ ${event.attempt.response.status} in ${event.attempt.durationMs} ms`;
    case 'failed':
      return `✗ ${event.error}`;
    case 'skipped':
      return `- skipped: ${event.reason}`;
    case 'waiting':
      return `… waits: ${event.retry}`;
    case 'held':
      return `‖ held: ${event.reason}`;
    case 'paused':
    case 'resumed':
    case 'released':
      return `‖ ${event.kind}`;
    case 'cancelling':
      return `■ is cancelled by ${event.by}${event.reason === null ? '' : `: ${event.reason}`}`;
    case 'retry-now':
      return '↻ retry now';
    case 'escalating':
      return '✗ given up; the e-mail to the owner is on its way';
    case 'mailed':
      return event.escalation.gatheredUntil === undefined
        ? `✉ e-mail to ${event.escalation.to}`
        : `✉ listed in the e-mail to ${event.escalation.to} at ${event.escalation.gatheredUntil}`;
    case 'ended':
      return `■ ${event.how === 'completed' ? event.report.status : event.how}`;
    default:
      // A service that is newer than this command says more.
      return (event as { kind: string }).kind;
  }
}
