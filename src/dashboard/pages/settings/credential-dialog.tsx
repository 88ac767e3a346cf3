import { useState } from 'preact/hooks';
import type { Credential, CredentialKind } from '../../api/credential';
import { putCredential } from '../../api/credentials';
import { SelectField, TextArea, TextField } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { useChange } from '../../ui/use-change';
import {
  AUTHENTICATIONS,
  bodyOf,
  fieldsOf,
  KINDS,
  textsOf,
  type Authentication,
  type CredentialField,
} from './credential-form';

/** @param credential the one that is edited, without its secrets; undefined: a new one */
export function CredentialDialog({
  credential,
  onClose,
}: {
  credential: Credential | undefined;
  onClose: () => void;
}) {
  const [id, setId] = useState(credential?.id ?? '');
  const [kind, setKind] = useState<CredentialKind>(credential?.kind ?? 'bearer');
  const [name, setName] = useState(credential?.name ?? '');
  const [origins, setOrigins] = useState(credential?.origins.join('\n') ?? '');
  const [texts, setTexts] = useState(() => (credential === undefined ? {} : textsOf(credential)));
  const [authentication, setAuthentication] = useState<Authentication>(
    () => AUTHENTICATIONS.find((one) => one === credential?.['authentication']) ?? 'client_secret_basic',
  );
  const saving = useChange({
    change: () =>
      putCredential(id.trim(), bodyOf(kind, authentication, { name, origins, texts }), credential?.version),
    touches: [['credentials']],
    told: 'Saved.',
    showsError: true,
    onDone: onClose,
  });
  const isKept = ({ name: field, isSecret }: CredentialField) =>
    isSecret === true && credential?.kind === kind && credential.secret_fields.includes(field);
  return (
    <FormDialog
      title={credential === undefined ? 'Add a credential' : `Edit ${credential.name ?? credential.id}`}
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
          hint={credential === undefined ? 'As rules name it: a-z, 0-9, "-".' : 'An id stays as it is.'}
          placeholder="crm-token"
          required
          disabled={credential !== undefined}
          value={id}
          onInput={setId}
        />
        <TextField label="Name (optional)" value={name} onInput={setName} />
      </div>
      <TextArea
        label="Origins"
        hint="Where it may be sent, one on each line. It is sent nowhere else."
        rows={2}
        required
        placeholder="https://crm.example.com"
        value={origins}
        onInput={setOrigins}
      />
      {kind === 'oauth2' && (
        <SelectField
          label="How the client proves who it is"
          value={authentication}
          options={AUTHENTICATIONS.map((value) => ({ value, label: value }))}
          onChange={setAuthentication}
        />
      )}
      {fieldsOf(kind, authentication).map((field) => {
        const kept = isKept(field);
        const common = {
          label: field.label,
          hint: kept ? 'Empty: it stays as it is, while it goes where it went before.' : field.hint,
          required: field.isRequired === true && !kept,
          value: texts[field.name] ?? '',
          onInput: (text: string) => {
            setTexts({ ...texts, [field.name]: text });
          },
        };
        return field.isLong === true ? (
          <TextArea key={field.name} {...common} rows={4} placeholder="-----BEGIN …" />
        ) : (
          <TextField key={field.name} {...common} isSecret={field.isSecret === true} />
        );
      })}
    </FormDialog>
  );
}
