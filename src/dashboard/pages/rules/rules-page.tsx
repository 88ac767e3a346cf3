import { useInfiniteQuery } from '@tanstack/preact-query';
import { Plus } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { rulesQuery } from '../../api/rules';
import { useMay } from '../../session-context';
import { ErrorNote, Skeleton } from '../../ui/feedback';
import { PageHead } from '../../ui/page-head';
import { useUrlState } from '../../ui/url-state';
import { fitsFilter, RuleFilters, RULE_FILTERS } from './rule-filters';
import { NoRules } from './no-rules';
import { RuleTable } from './rule-table';
import '../../styles/rules.css';

/** The rules of the workspace, each as a sentence. */
export default function RulesPage() {
  const mayWrite = useMay('write');
  const [filter, change] = useUrlState(RULE_FILTERS);
  const { data, error, isPending, isSuccess, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useInfiniteQuery(rulesQuery);
  const isFiltered = filter.q !== undefined || filter.state !== undefined;
  const rules = data?.pages.flatMap((page) => page.items) ?? [];
  const shown = rules.filter((rule) => fitsFilter(rule, filter));
  const mustReadOn = isFiltered && hasNextPage && !isFetchingNextPage;
  useEffect(() => {
    // What is looked for may be on any page.
    if (mustReadOn) void fetchNextPage();
  }, [mustReadOn, fetchNextPage]);
  return (
    <>
      <PageHead title="Rules" about="What calls which webhooks, and when.">
        {mayWrite && (
          <Link href="/rules/-/new" class="button primary">
            <Plus size={15} aria-hidden="true" /> New rule
          </Link>
        )}
      </PageHead>
      <section class="card" aria-label="List of rules">
        {(rules.length > 0 || isFiltered) && <RuleFilters filter={filter} onChange={change} />}
        {isPending && <Skeleton lines={8} />}
        {error !== null && (
          <div class="card-body">
            <ErrorNote error={error} onRetry={() => void refetch()} />
          </div>
        )}
        {isSuccess && shown.length === 0 && !hasNextPage && <NoRules isFiltered={rules.length > 0} />}
        {shown.length > 0 && <RuleTable rules={shown} />}
        {hasNextPage && (
          <div class="card-body row">
            <button
              type="button"
              class="button"
              disabled={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              {isFetchingNextPage ? 'Loading …' : 'Show more'}
            </button>
            <span class="faint">{shown.length} shown</span>
          </div>
        )}
      </section>
    </>
  );
}
