import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { bulkSelectionQuery, startBulkOperation, type BulkOrder } from '../../api/bulk-operations';
import { DEFAULT_BULK_RATE, MAX_BULK_RATE } from '../../../shared/limits';
import { ErrorNote, Skeleton } from '../../ui/feedback';
import { TextField } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { Time } from '../../ui/time';
import { useChange } from '../../ui/use-change';
import { fromLocalInput, toLocalInput } from './local-input';

const DAY_MS = 86_400_000;

/** Restarts what was escalated, after it has said how many that are. */
export function RecoverDialog({
  origin,
  onClose,
  onStarted,
}: {
  origin: string;
  onClose: () => void;
  onStarted: (id: string) => void;
}) {
  const [since, setSince] = useState(() => toLocalInput(new Date(Date.now() - DAY_MS)));
  const [rate, setRate] = useState(String(DEFAULT_BULK_RATE));
  const from = fromLocalInput(since);
  const order: BulkOrder = {
    action: 'restart_from_failed',
    filter: { destination: origin, status: 'escalated', ended_from: from },
    per_second: Number(rate),
  };
  const selection = useQuery({ ...bulkSelectionQuery(order), enabled: from !== undefined });
  const starting = useChange({
    change: () => startBulkOperation(order),
    touches: [['bulk-operations']],
    showsError: true,
    onDone: ({ id }) => {
      onStarted(id);
    },
  });
  const count = selection.data?.count;
  return (
    <FormDialog
      title="Recover what was escalated"
      submit={count === undefined ? 'Recover' : `Recover ${count.toLocaleString()}`}
      isPending={starting.isPending}
      isReady={from !== undefined && count !== undefined && count > 0}
      error={starting.error}
      onClose={onClose}
      onSubmit={() => {
        starting.mutate(undefined);
      }}
    >
      <p class="muted">
        Each is restarted from the step that failed, as its rule is now. What earlier steps answered is kept,
        and they are not called again.
      </p>
      <div class="fields">
        <TextField label="Escalated since" type="datetime-local" required value={since} onInput={setSince} />
        <TextField
          label="At most in a second"
          type="number"
          min={1}
          max={MAX_BULK_RATE}
          step={1}
          required
          value={rate}
          onInput={setRate}
        />
      </div>
      {selection.isLoading && <Skeleton lines={3} />}
      {selection.isError && <ErrorNote error={selection.error} onRetry={() => void selection.refetch()} />}
      {selection.data !== undefined && (
        <div class="stack-small" role="status">
          <p>
            {count === 0 ? (
              'Nothing was escalated because of it since then.'
            ) : (
              <>
                <b class="numeric">{count?.toLocaleString()}</b> {count === 1 ? 'execution' : 'executions'}.
                Any that was restarted before is left alone.
              </>
            )}
          </p>
          {selection.data.sample.length > 0 && (
            // Scrolls, so the keyboard must reach it.
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            <div class="sample" tabIndex={0} role="region" aria-label="What would be recovered">
              <table class="list">
                <thead>
                  <tr>
                    <th scope="col">
                      {count === selection.data.sample.length ? 'Rule' : 'Rule, some of them'}
                    </th>
                    <th scope="col">Domain</th>
                    <th scope="col" class="end">
                      Escalated
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {selection.data.sample.map((one) => (
                    <tr key={one.execution_id}>
                      <td>{one.rule.id}</td>
                      <td>{one.domain ?? '—'}</td>
                      <td class="end muted">{one.ended_at !== null && <Time at={one.ended_at} />}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </div>
      )}
    </FormDialog>
  );
}
