import type { ExecutionEvent } from './execution-events';

/** What happened in an execution, as one line of a terminal; `who` tells it from those that are followed beside it. */
export function progressLine(event: ExecutionEvent, who: string): string {
  return `${event.at.toISOString()}  ${who}  ${words(event)}`;
}

function words(event: ExecutionEvent): string {
  switch (event.kind) {
    case 'calling':
      return `→ ${event.call}`;
    case 'delivered': {
      const { response, durationMs } = event.attempt;
      return `✓ ${response.status} in ${durationMs} ms`;
    }
    case 'failed':
      return `✗ ${event.error}`;
    case 'waiting':
      return `… waits: ${event.retry}`;
    case 'retry-now':
      return '↻ retry now';
    case 'escalating':
      return '✗ given up; the e-mail to the owner is on its way';
    case 'mailed':
      return `✉ e-mail to ${event.escalation.to}`;
    case 'ended':
      return `■ ${event.how === 'completed' ? event.report.status : event.how}`;
  }
}
