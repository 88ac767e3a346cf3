import { useState } from 'preact/hooks';
import { putDestination } from '../../api/destinations';
import { TextField } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { useChange } from '../../ui/use-change';

const NO_LIMITS = { max_concurrent: null, requests_per_second: null, burst: null };

/** Has a destination stand in the list before it is called. */
export function AddDestinationDialog({
  onClose,
  onAdded,
}: {
  onClose: () => void;
  onAdded: (origin: string) => void;
}) {
  const [origin, setOrigin] = useState('');
  const adding = useChange({
    change: () => putDestination(origin.trim(), { auth: null, tls: null, limits: NO_LIMITS }, 0),
    touches: [['destinations']],
    showsError: true,
    onDone: (added) => {
      onAdded(added.origin);
    },
  });
  return (
    <FormDialog
      title="Add a destination"
      submit="Add"
      isPending={adding.isPending}
      error={adding.error}
      onClose={onClose}
      onSubmit={() => {
        adding.mutate(undefined);
      }}
    >
      <p class="muted">
        Destinations appear by themselves with their first call. Add one before that to set its limits or
        signing key.
      </p>
      <TextField
        label="Origin"
        hint="Scheme and host, and the port where it is not the usual one."
        placeholder="https://hooks.example.com"
        type="url"
        value={origin}
        onInput={setOrigin}
        required
        isMono
      />
    </FormDialog>
  );
}
