import { useState } from 'preact/hooks';
import { disableDestination } from '../../api/destinations';
import { MAX_REASON_LENGTH } from '../../../shared/limits';
import { TextField } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { useChange } from '../../ui/use-change';

export function DisableDialog({ origin, onClose }: { origin: string; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const disabling = useChange({
    change: () => disableDestination(origin, reason.trim()),
    touches: [['destination', origin], ['destinations'], ['held-count', origin]],
    told: 'Disabled. What would call it is held.',
    showsError: true,
    onDone: onClose,
  });
  return (
    <FormDialog
      title="Disable this destination"
      submit="Disable it"
      isDangerous
      isPending={disabling.isPending}
      error={disabling.error}
      onClose={onClose}
      onSubmit={() => {
        disabling.mutate(undefined);
      }}
    >
      <p>
        Nothing is called at <code class="break">{origin}</code> until somebody enables it. No event is
        dropped: executions are held, and escalated when their 36 hours are over.
      </p>
      <TextField
        label="Reason (optional)"
        hint="Shown with the destination and in the audit log."
        maxLength={MAX_REASON_LENGTH}
        value={reason}
        onInput={setReason}
      />
    </FormDialog>
  );
}
