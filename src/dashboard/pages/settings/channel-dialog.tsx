import { useState } from 'preact/hooks';
import { putChannel, type Channel } from '../../api/channels';
import { MAX_NAME_LENGTH } from '../../../shared/limits';
import { SelectField, TextField } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { useChange } from '../../ui/use-change';
import { CHANNELS } from './channel-kinds';

const KINDS = (['slack', 'teams', 'webhook'] as const).map((value) => ({
  value,
  label: CHANNELS[value].label,
}));

/**
 * @param channel the one that is edited, without its URL; undefined: a new one
 * @param onSaved is given the signing secret, when saving made one
 */
export function ChannelDialog({
  channel,
  onClose,
  onSaved,
}: {
  channel: Channel | undefined;
  onClose: () => void;
  onSaved: (secret: string | null) => void;
}) {
  const [id, setId] = useState(channel?.id ?? '');
  const [kind, setKind] = useState<Channel['kind']>(channel?.kind ?? 'slack');
  const [name, setName] = useState(channel?.name ?? '');
  const [url, setUrl] = useState('');
  const isKept = channel?.kind === kind;
  const saving = useChange({
    change: () =>
      putChannel(
        id.trim(),
        {
          kind,
          name: name.trim() === '' ? null : name.trim(),
          ...(url.trim() !== '' && { url: url.trim() }),
        },
        channel?.version,
      ),
    touches: [['channels']],
    told: 'Saved.',
    showsError: true,
    onDone: ({ signing_secret: secret }) => {
      onSaved(secret);
    },
  });
  return (
    <FormDialog
      title={channel === undefined ? 'Add a channel' : `Edit ${channel.name ?? channel.id}`}
      submit="Save"
      isPending={saving.isPending}
      error={saving.error}
      onClose={onClose}
      onSubmit={() => {
        saving.mutate(undefined);
      }}
    >
      <SelectField label="Kind" value={kind} options={KINDS} onChange={setKind} />
      <div class="fields">
        <TextField
          label="Id"
          hint={channel === undefined ? 'As rules name it: a-z, 0-9, "-".' : 'An id stays as it is.'}
          placeholder="ops"
          required
          disabled={channel !== undefined}
          value={id}
          onInput={setId}
        />
        <TextField label="Name (optional)" maxLength={MAX_NAME_LENGTH} value={name} onInput={setName} />
      </div>
      <TextField
        label="URL"
        hint={
          isKept
            ? 'A secret. Empty: it stays as it is.'
            : `${CHANNELS[kind].hint} A secret: it is never shown.`
        }
        isSecret
        required={!isKept}
        value={url}
        onInput={setUrl}
      />
    </FormDialog>
  );
}
