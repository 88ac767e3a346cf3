import { Link } from 'wouter-preact';
import { useMay } from '../../session-context';
import { EmptyState } from '../../ui/feedback';

export function NoRules({ isFiltered }: { isFiltered: boolean }) {
  const mayWrite = useMay('write');
  if (isFiltered) {
    return (
      <EmptyState title="No rule fits">
        <p>
          Look for another word, or <Link href="/rules">see all rules</Link>.
        </p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="There are no rules yet">
      <p>
        A rule says which change of a scorecard, or which event of your own, calls which webhooks. It is tried
        for 36 hours; after that its owner gets an e-mail.
      </p>
      {mayWrite ? (
        <Link href="/rules/-/new" class="button primary">
          Build your first rule
        </Link>
      ) : (
        <p>Your key may read only: ask somebody with the role editor to build one.</p>
      )}
    </EmptyState>
  );
}
