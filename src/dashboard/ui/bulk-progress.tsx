import { useQuery } from '@tanstack/preact-query';
import { Link } from 'wouter-preact';
import { bulkOperationQuery, cancelBulkOperation, type BulkOperation } from '../api/bulk-operations';
import { useMay } from '../session-context';
import { ErrorNote, Skeleton } from './feedback';
import { useChange } from './use-change';
import '../styles/bulk.css';

/** How far a bulk operation is, kept up to date while it runs. @param title what it does */
export function BulkProgress({ id, title }: { id: string; title: string }) {
  const { data: operation, error, refetch } = useQuery(bulkOperationQuery(id));
  const mayWrite = useMay('write');
  const cancelling = useChange({
    change: () => cancelBulkOperation(id),
    touches: [['bulk-operation', id], ['bulk-operations']],
    told: 'It ends after the batch that is under way.',
  });
  if (operation === undefined) {
    return error === null ? (
      <Skeleton lines={2} />
    ) : (
      <ErrorNote error={error} onRetry={() => void refetch()} />
    );
  }
  const { progress, status } = operation;
  const refused = refusedOf(operation);
  return (
    <div class="stack-small" role="group" aria-label={title}>
      <div class="row">
        <b class="grow">{title}</b>
        {status === 'running' && mayWrite && (
          <button
            type="button"
            class="button small"
            disabled={cancelling.isPending}
            onClick={() => {
              cancelling.mutate(undefined);
            }}
          >
            Stop it
          </button>
        )}
      </div>
      {progress !== null && progress.selected > 0 && (
        <progress
          class="progress"
          aria-label={`Progress of ${title}`}
          max={progress.selected}
          value={Math.min(progress.selected, progress.done + refused)}
        />
      )}
      <p class="muted numeric" role="status">
        {wordsOf(operation)}
      </p>
      {progress !== null && refused > 0 && (
        <details>
          <summary>{refused.toLocaleString()} left alone</summary>
          <ul class="muted">
            {Object.entries(progress.refused).map(([reason, count]) => (
              <li key={reason}>
                {count.toLocaleString()} × {reason}
              </li>
            ))}
          </ul>
          {progress.examples.length > 0 && (
            <p class="row">
              <span class="faint">For example</span>
              {progress.examples.slice(0, 5).map(({ execution_id: executionId }) => (
                <Link key={executionId} href={`/executions/${executionId}`} class="mono">
                  {executionId.slice(0, 8)}
                </Link>
              ))}
            </p>
          )}
        </details>
      )}
    </div>
  );
}

function wordsOf({ status, progress }: BulkOperation): string {
  if (status === 'failed') return 'It could not be carried out.';
  if (progress === null) return 'Under way; no worker says how far it is just now.';
  const done = `${progress.done.toLocaleString()} of ${progress.selected.toLocaleString()} done`;
  if (progress.cancelled) return `Stopped: ${done}.`;
  return status === 'running' ? `${done} …` : `Ended: ${done}.`;
}

function refusedOf({ progress }: BulkOperation): number {
  return Object.values(progress?.refused ?? {}).reduce((sum, count) => sum + count, 0);
}
