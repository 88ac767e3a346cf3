import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/preact-query';
import type { ComponentChildren } from 'preact';
import type { Page } from '../api/types';
import { ErrorNote, Skeleton } from './feedback';

/** A list that is read page by page: what is on its way, what went wrong, nothing yet, or its items and the way to more. */
export function Listing<T>({
  list,
  empty,
  children,
}: {
  list: UseInfiniteQueryResult<InfiniteData<Page<T>>>;
  empty: ComponentChildren;
  children: (items: readonly T[]) => ComponentChildren;
}) {
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {list.isPending && <Skeleton lines={6} />}
      {list.isError && (
        <div class="card-body">
          <ErrorNote error={list.error} onRetry={() => void list.refetch()} />
        </div>
      )}
      {list.isSuccess && items.length === 0 && empty}
      {items.length > 0 && children(items)}
      {list.hasNextPage && (
        <div class="card-body row">
          <button
            type="button"
            class="button"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {list.isFetchingNextPage ? 'Loading …' : 'Show more'}
          </button>
          <span class="faint numeric">{items.length} shown</span>
        </div>
      )}
    </>
  );
}
