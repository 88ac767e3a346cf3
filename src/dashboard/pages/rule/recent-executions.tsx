import { useInfiniteQuery } from '@tanstack/preact-query';
import { Link } from 'wouter-preact';
import { executionsQuery } from '../../api/executions';
import { ErrorNote, Skeleton } from '../../ui/feedback';
import { ExecutionTable } from '../executions/execution-table';

const SHOWN = 8;

export function RecentExecutions({ ruleId }: { ruleId: string }) {
  const { data, error, isPending, refetch } = useInfiniteQuery(executionsQuery({ rule: ruleId }));
  const executions = data?.pages[0]?.items.slice(0, SHOWN) ?? [];
  return (
    <section class="card" aria-labelledby="recent">
      <div class="card-head">
        <h2 id="recent" class="grow">
          Recent executions
        </h2>
        <Link href={`/executions?rule=${encodeURIComponent(ruleId)}`}>See all of this rule</Link>
      </div>
      {isPending && <Skeleton lines={3} />}
      {error !== null && (
        <div class="card-body">
          <ErrorNote error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {data !== undefined && executions.length === 0 && (
        <p class="card-body muted">
          It has not run yet. <Link href={`/rules/${ruleId}?tab=try`}>Try it</Link> with an event of your own,
          or wait for one that matches.
        </p>
      )}
      {executions.length > 0 && <ExecutionTable executions={executions} />}
    </section>
  );
}
