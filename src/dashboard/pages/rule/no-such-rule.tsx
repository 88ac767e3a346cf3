import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/preact-query';
import { Link } from 'wouter-preact';
import { recreateRule, ruleVersionsQuery } from '../../api/rules';
import { textAt } from '../../rules/document';
import { useMay } from '../../session-context';
import { EmptyState } from '../../ui/feedback';
import { PageHead } from '../../ui/page-head';
import { Time } from '../../ui/time';
import { useToasts } from '../../ui/toasts';

/** In place of a rule that is not there: one that was deleted can come back. */
export function NoSuchRule({ id }: { id: string }) {
  const mayWrite = useMay('write');
  const queries = useQueryClient();
  const { tell, tellOf } = useToasts();
  const versions = useInfiniteQuery(ruleVersionsQuery(id));
  const restoring = useMutation({
    mutationFn: recreateLast,
    onSuccess: () => {
      tell('The rule is back.');
      void queries.invalidateQueries({ queryKey: ['rule', id] });
      void queries.invalidateQueries({ queryKey: ['rules'] });
    },
    onError: tellOf,
  });
  const last = versions.data?.pages[0]?.items[0];
  function recreateLast() {
    if (last === undefined) throw new Error('No version of it is known.');
    return recreateRule(id, last.document);
  }
  return (
    <div class="card">
      <PageHead title="No such rule" heading={<span class="visually-hidden">No such rule</span>} />
      {last?.action === 'deleted' ? (
        <EmptyState title={`“${textAt(last.document, ['name'])}” was deleted`}>
          <p>
            By {last.changed_by}, <Time at={last.changed_at} />. <Link href="/rules">See all rules</Link>
          </p>
          {mayWrite && (
            <button
              type="button"
              class="button"
              disabled={restoring.isPending}
              onClick={() => {
                restoring.mutate();
              }}
            >
              Bring it back
            </button>
          )}
        </EmptyState>
      ) : (
        <EmptyState title="There is no such rule">
          <p>
            <Link href="/rules">See all rules</Link>
          </p>
        </EmptyState>
      )}
    </div>
  );
}
