import { Link } from 'wouter-preact';
import { EmptyState } from '../../ui/feedback';

export function NoExecutions({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <EmptyState title="Nothing fits these filters">
      <p>
        Take one away, or <Link href="/executions">see all executions</Link>. Ended ones are kept for as long
        as the retention says.
      </p>
    </EmptyState>
  ) : (
    <EmptyState title="No rule has run yet">
      <p>
        An execution appears here as soon as an event matches a rule. <Link href="/rules">Build a rule</Link>,
        then <Link href="/events">send an event</Link>.
      </p>
    </EmptyState>
  );
}
