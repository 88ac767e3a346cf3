import { RotateCcw } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Execution, ExecutionStep } from '../../api/types';
import { useMay } from '../../session-context';
import { FormDialog } from '../../ui/form-dialog';
import { useOrder } from './use-order';

/** States of a step from which nothing is made good: a restart may begin after it. */
const DONE: readonly ExecutionStep['state'][] = ['delivered', 'skipped', 'kept'];

/** Whether an execution that has ended can be restarted from a step: those before it are done. */
function canRestartFrom({ ended_at: endedAt, restarted_as: restartedAs, steps }: Execution, index: number) {
  return (
    endedAt !== null &&
    restartedAs === null &&
    steps.slice(0, index).every(({ state }) => DONE.includes(state))
  );
}

/** The button of a step, which says who is called again before it restarts an execution from there. */
export function RestartStep({ execution, index }: { execution: Execution; index: number }) {
  const [isAsking, setAsking] = useState(false);
  const ordering = useOrder(execution.execution_id);
  const mayWrite = useMay('write');
  const step = execution.steps[index];
  if (!mayWrite || step === undefined || !canRestartFrom(execution, index)) return null;
  const close = () => {
    setAsking(false);
  };
  return (
    <>
      <button
        type="button"
        class="button small"
        onClick={() => {
          setAsking(true);
        }}
      >
        <RotateCcw size={14} aria-hidden="true" /> Restart from here
      </button>
      {isAsking && (
        <FormDialog
          title={`Restart from step ${index + 1}, ${step.id}`}
          submit="Restart"
          isPending={ordering.isPending}
          error={null}
          onClose={close}
          onSubmit={() => {
            ordering.mutate({ order: 'restart', body: { from_step: step.id } }, { onSettled: close });
          }}
        >
          <p>A new execution calls these receivers, one after the other:</p>
          <ul class="stack-small" role="list">
            {execution.steps.slice(index).map(({ id, target, state }) => (
              <li key={id}>
                <span class="mono break">{target}</span>{' '}
                {(state === 'delivered' || state === 'kept') && (
                  <span class="badge plain warn">again: it was delivered</span>
                )}
              </li>
            ))}
          </ul>
          {index > 0 && <p class="muted">The steps before it are not called: their answers are handed on.</p>}
        </FormDialog>
      )}
    </>
  );
}
