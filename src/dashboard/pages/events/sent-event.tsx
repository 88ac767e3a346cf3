import { Link } from 'wouter-preact';
import type { AcceptedEvent } from '../../api/events';
import { Dialog } from '../../ui/dialog';

/** What came of an event that was sent: the rules that matched, and why others did not. */
export function SentEvent({
  sent,
  onAgain,
  onClose,
}: {
  sent: AcceptedEvent;
  onAgain: () => void;
  onClose: () => void;
}) {
  const { event_id: id, duplicate, matched, executions, unmatched } = sent;
  return (
    <Dialog
      title={matched === 0 ? 'No rule matched' : `${matched} ${matched === 1 ? 'rule' : 'rules'} matched`}
      onClose={onClose}
      foot={
        <>
          <button type="button" class="button" onClick={onAgain}>
            Send another
          </button>
          <Link href={`/events/${encodeURIComponent(id)}`} class="button primary">
            Open the event
          </Link>
        </>
      }
    >
      <p class={`note ${duplicate ? 'warn' : 'good'}`} role="status">
        <span class="break">
          {duplicate
            ? 'An event with this id was accepted before: nothing was started now.'
            : `Accepted as ${id}.`}
        </span>
      </p>
      {executions.length > 0 && (
        <section class="stack-small" aria-label="Rules that matched">
          <h3>Started</h3>
          <ul role="list" class="reasons">
            {executions.map((one) => (
              <li key={one.execution_id}>
                <Link href={`/executions/${one.execution_id}`}>{one.rule_id}</Link>
                <span class="muted break">{one.reason}</span>
              </li>
            ))}
          </ul>
          {matched > executions.length && <p class="faint">and {matched - executions.length} more</p>}
        </section>
      )}
      {unmatched !== undefined && unmatched.total > 0 && (
        <section class="stack-small" aria-label="Rules that did not match">
          <h3>Did not match</h3>
          <ul role="list" class="reasons">
            {unmatched.rules.map((one) => (
              <li key={one.rule_id}>
                <Link href={`/rules/${encodeURIComponent(one.rule_id)}`}>{one.rule_id}</Link>
                <span class="muted break">{one.reason}</span>
              </li>
            ))}
          </ul>
          {unmatched.total > unmatched.rules.length && (
            <p class="faint">and {unmatched.total - unmatched.rules.length} more</p>
          )}
        </section>
      )}
      {matched === 0 && unmatched?.total === 0 && (
        <p class="muted">
          There is no rule yet. <Link href="/rules">Build one</Link>
        </p>
      )}
    </Dialog>
  );
}
