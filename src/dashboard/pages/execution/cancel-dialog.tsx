import { useState } from 'preact/hooks';
import { MAX_REASON_LENGTH } from '../../../shared/limits';
import { Dialog } from '../../ui/dialog';

const FORM = 'cancel-form';

export function CancelDialog({
  isPending,
  onClose,
  onCancel,
}: {
  isPending: boolean;
  onClose: () => void;
  onCancel: (reason: string) => void;
}) {
  const [reason, setReason] = useState('');
  return (
    <Dialog
      title="Cancel this execution"
      onClose={onClose}
      foot={
        <>
          <button type="button" class="button" onClick={onClose}>
            Keep it
          </button>
          <button type="submit" form={FORM} class="button danger primary" disabled={isPending}>
            Cancel the execution
          </button>
        </>
      }
    >
      <form
        id={FORM}
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onCancel(reason.trim());
        }}
      >
        <p>No further call is made, and nobody gets an e-mail. A call that is on its way is waited for.</p>
        <div class="field">
          <label for="reason">Reason (optional)</label>
          <input
            id="reason"
            class="input"
            maxLength={MAX_REASON_LENGTH}
            value={reason}
            onInput={(event) => {
              setReason(event.currentTarget.value);
            }}
          />
          <span class="hint">Shown with the execution and in the audit log.</span>
        </div>
      </form>
    </Dialog>
  );
}
