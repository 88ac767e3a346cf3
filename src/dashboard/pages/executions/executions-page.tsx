import { useInfiniteQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { executionsQuery, type ExecutionFilter } from '../../api/executions';
import { useLiveExecutions } from '../../api/live-executions';
import { ErrorNote, Skeleton } from '../../ui/feedback';
import { PageHead } from '../../ui/page-head';
import { useUrlState } from '../../ui/url-state';
import { ExecutionCharts } from './execution-charts';
import { ExecutionFilters, FILTERS } from './execution-filters';
import { ExecutionTable } from './execution-table';
import { LiveSign } from './live-sign';
import { NoExecutions } from './no-executions';

/** What was sent, and how it stands. */
export function ExecutionsPage() {
  const [filter, change] = useUrlState(FILTERS);
  const connection = useLiveExecutions();
  const [hours, setHours] = useState(24);
  const list = useInfiniteQuery(executionsQuery(filter satisfies ExecutionFilter));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHead title="Executions" about="What your rules sent, what came back, and when the next try is.">
        <LiveSign connection={connection} />
      </PageHead>
      <ExecutionCharts filter={filter} hours={hours} onHours={setHours} />
      <section class="card" aria-label="List of executions">
        <ExecutionFilters filter={filter} onChange={change} />
        {list.isPending && <Skeleton lines={8} />}
        {list.isError && (
          <div class="card-body">
            <ErrorNote error={list.error} onRetry={() => void list.refetch()} />
          </div>
        )}
        {list.isSuccess && items.length === 0 && <NoExecutions isFiltered={Object.keys(filter).length > 0} />}
        {items.length > 0 && <ExecutionTable executions={items} />}
        {list.hasNextPage && (
          <div class="card-body row">
            <button
              type="button"
              class="button"
              disabled={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              {list.isFetchingNextPage ? 'Loading …' : 'Show older ones'}
            </button>
            <span class="faint">{items.length} shown</span>
          </div>
        )}
      </section>
    </>
  );
}
