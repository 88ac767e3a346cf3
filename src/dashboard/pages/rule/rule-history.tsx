import { useInfiniteQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { ruleVersionsQuery, type RuleVersion, type StoredRule } from '../../api/rules';
import { changesBetween } from '../../rules/changes';
import { ChangeList } from '../../rules/change-list';
import { useMay } from '../../session-context';
import { Actor } from '../../ui/actor';
import { ErrorNote, Skeleton } from '../../ui/feedback';
import { Time } from '../../ui/time';
import { RestoreDialog } from './restore-dialog';

/** What a rule was, version by version, with what each one changed. */
export function RuleHistory({ rule }: { rule: StoredRule }) {
  const mayWrite = useMay('write');
  const [restored, setRestored] = useState<RuleVersion>();
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useInfiniteQuery(ruleVersionsQuery(rule.id));
  const versions = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section class="card" aria-label="Versions">
      {isPending && <Skeleton />}
      {error !== null && (
        <div class="card-body">
          <ErrorNote error={error} onRetry={() => void refetch()} />
        </div>
      )}
      <ol class="versions" role="list">
        {versions.map((version, index) => (
          <li key={version.version}>
            <div class="row">
              <h2 class="version-number">Version {version.version}</h2>
              {version.version === rule.version && <span class="badge good">In force</span>}
              <span class="muted grow">
                {version.action} by <Actor actor={version.changed_by} />, <Time at={version.changed_at} />
              </span>
              {mayWrite && version.version !== rule.version && version.action !== 'deleted' && (
                <button
                  type="button"
                  class="button small"
                  aria-label={`Restore version ${version.version}`}
                  onClick={() => {
                    setRestored(version);
                  }}
                >
                  Restore
                </button>
              )}
            </div>
            <WhatChanged version={version} before={versions[index + 1]} />
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <div class="card-body">
          <button
            type="button"
            class="button"
            disabled={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {isFetchingNextPage ? 'Loading …' : 'Show older versions'}
          </button>
        </div>
      )}
      {restored !== undefined && (
        <RestoreDialog
          rule={rule}
          version={restored}
          onClose={() => {
            setRestored(undefined);
          }}
        />
      )}
    </section>
  );
}

function WhatChanged({ version, before }: { version: RuleVersion; before: RuleVersion | undefined }) {
  if (version.action === 'deleted') return <p class="muted">The rule was deleted.</p>;
  if (before === undefined) {
    return <p class="muted">{version.version === 1 ? 'The rule as it was first written.' : ''}</p>;
  }
  const changes = changesBetween(before.document, version.document);
  return changes.length === 0 ? (
    <p class="muted">The same as before.</p>
  ) : (
    <ChangeList changes={changes} label={`What version ${version.version} changed`} />
  );
}
