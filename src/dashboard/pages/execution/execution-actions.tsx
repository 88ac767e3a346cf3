import { Pause, Play, RotateCcw, X } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { ExecutionOrder } from '../../api/executions';
import type { Execution, ExecutionStatus } from '../../api/types';
import { useMay } from '../../session-context';
import { CancelDialog } from './cancel-dialog';
import { useOrder } from './use-order';

const WAITING: readonly ExecutionStatus[] = ['waiting_for_retry', 'held', 'paused'];
const RESTARTABLE: readonly ExecutionStatus[] = [
  'escalated',
  'cancelled',
  'abandoned',
  'failed',
  'terminated',
];

/** The buttons that fit how the execution stands, for those who may press them. */
export function ExecutionActions({ execution }: { execution: Execution }) {
  const [isCancelling, setCancelling] = useState(false);
  const mayWrite = useMay('write');
  const { execution_id: id, status, ended_at: endedAt } = execution;
  const ordering = useOrder(id);
  if (!mayWrite) return null;
  const button = (order: ExecutionOrder, label: string, Symbol: typeof Play, body?: object) => (
    <button
      type="button"
      class={`button ${order === 'retry' ? 'primary' : ''}`}
      disabled={ordering.isPending}
      onClick={() => {
        ordering.mutate({ order, ...(body && { body }) });
      }}
    >
      <Symbol size={15} aria-hidden="true" /> {label}
    </button>
  );
  const restartable = endedAt !== null && execution.restarted_as === null;
  return (
    <>
      {WAITING.includes(status) && button('retry', 'Retry now', RotateCcw)}
      {status === 'paused'
        ? button('resume', 'Resume', Play)
        : endedAt === null && button('pause', 'Pause', Pause)}
      {restartable &&
        RESTARTABLE.includes(status) &&
        button('restart', 'Restart from the failed step', RotateCcw)}
      {restartable && button('restart', 'Restart whole', RotateCcw, { from: 'start' })}
      {endedAt === null && (
        <button
          type="button"
          class="button danger"
          onClick={() => {
            setCancelling(true);
          }}
        >
          <X size={15} aria-hidden="true" /> Cancel
        </button>
      )}
      {isCancelling && (
        <CancelDialog
          isPending={ordering.isPending}
          onClose={() => {
            setCancelling(false);
          }}
          onCancel={(reason) => {
            ordering.mutate(
              { order: 'cancel', body: reason === '' ? {} : { reason } },
              {
                onSuccess: () => {
                  setCancelling(false);
                },
              },
            );
          }}
        />
      )}
    </>
  );
}
