import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { bulkOperationsQuery, type BulkOperationSummary } from '../../api/bulk-operations';
import { BulkProgress } from '../../ui/bulk-progress';
import { EmptyState, ErrorNote, Skeleton } from '../../ui/feedback';
import { duration, Time } from '../../ui/time';
import { SettingsCard } from './settings-card';

const POLL_MS = 3_000;

const STATES: Record<BulkOperationSummary['status'], { label: string; tone: string }> = {
  running: { label: 'Running', tone: 'info live' },
  ended: { label: 'Ended', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
};

export function BulkOperationsTab() {
  const { data, error, isPending, refetch } = useQuery({
    ...bulkOperationsQuery,
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ status }) => status === 'running') === true ? POLL_MS : false,
  });
  return (
    <SettingsCard
      label="Bulk operations"
      about="The latest of what was done to many executions at once, newest first."
    >
      {isPending && <Skeleton lines={4} />}
      {error !== null && (
        <div class="card-body">
          <ErrorNote error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {data?.items.length === 0 && (
        <EmptyState title="There was none yet">
          <p>
            Recover what was escalated on the page of a <Link href="/destinations">destination</Link>, or use{' '}
            <code>rule-webhooks bulk</code>.
          </p>
        </EmptyState>
      )}
      {data?.items.map((operation) => (
        <Operation key={operation.id} operation={operation} />
      ))}
    </SettingsCard>
  );
}

function Operation({
  operation: { id, status, started_at: startedAt, ended_at: endedAt },
}: {
  operation: BulkOperationSummary;
}) {
  const [isOpen, setOpen] = useState(status === 'running');
  const { label, tone } = STATES[status];
  return (
    <details
      class="operation"
      open={isOpen}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>
        <span class={`badge ${tone}`}>{label}</span>
        <span class="mono break operation-id">{id}</span>
        {endedAt !== null && (
          <span class="faint numeric">took {duration(Date.parse(endedAt) - Date.parse(startedAt))}</span>
        )}
        <span class="muted">
          <Time at={startedAt} />
        </span>
      </summary>
      {isOpen && (
        <div class="operation-body">
          <BulkProgress id={id} title="How far it is" />
        </div>
      )}
    </details>
  );
}
