import { useState } from 'preact/hooks';
import { DEFAULT_KEY_OVERLAP_HOURS, MAX_KEY_OVERLAP_HOURS } from '../../../shared/limits';
import { rotateSigningKey, type Destination, type SigningKey } from '../../api/destinations';
import { SelectField, TextField } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { useChange } from '../../ui/use-change';

const ALGORITHMS = [
  { value: 'v1', label: 'HMAC-SHA256, a shared secret' },
  { value: 'v1a', label: 'ed25519, a public key' },
] as const;

export function RotateKeyDialog({
  destination: { origin, signing_keys: keys },
  onClose,
  onRotated,
}: {
  destination: Destination;
  onClose: () => void;
  onRotated: (made: SigningKey & { secret: string | null }) => void;
}) {
  const [algorithm, setAlgorithm] = useState<SigningKey['algorithm']>(keys[0]?.algorithm ?? 'v1');
  const [hours, setHours] = useState(String(DEFAULT_KEY_OVERLAP_HOURS));
  const rotating = useChange({
    change: () => rotateSigningKey(origin, { algorithm, overlap_hours: Number(hours) }),
    touches: [['destination', origin], ['destinations']],
    told: 'The new key signs from now on.',
    showsError: true,
    onDone: onRotated,
  });
  return (
    <FormDialog
      title={keys.length === 0 ? 'Make a signing key' : 'Rotate the signing key'}
      submit={keys.length === 0 ? 'Make it' : 'Rotate'}
      isPending={rotating.isPending}
      error={rotating.error}
      onClose={onClose}
      onSubmit={() => {
        rotating.mutate(undefined);
      }}
    >
      <p class="muted">
        Calls are signed by the new key at once, and by those before it too until the overlap is over, so that
        receivers have time to go over.
      </p>
      <div class="fields">
        <SelectField label="Algorithm" value={algorithm} options={ALGORITHMS} onChange={setAlgorithm} />
        <TextField
          label="Overlap in hours"
          hint="0: the keys before it end at once."
          type="number"
          min={0}
          max={MAX_KEY_OVERLAP_HOURS}
          step="any"
          required
          value={hours}
          onInput={setHours}
        />
      </div>
    </FormDialog>
  );
}
