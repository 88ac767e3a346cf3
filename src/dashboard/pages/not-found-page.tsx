import { Link } from 'wouter-preact';
import { EmptyState } from '../ui/feedback';
import { PageHead } from '../ui/page-head';

export function NotFoundPage() {
  return (
    <>
      <PageHead title="Not found" />
      <div class="card">
        <EmptyState title="There is no such page">
          <p>
            The address may be mistyped. <Link href="/executions">See all executions</Link>
          </p>
        </EmptyState>
      </div>
    </>
  );
}
