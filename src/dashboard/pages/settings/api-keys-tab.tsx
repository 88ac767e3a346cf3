import { useInfiniteQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { apiKeysQuery, createApiKey, revokeApiKey, type ApiKey, type Role } from '../../api/api-keys';
import { MAX_NAME_LENGTH } from '../../../shared/limits';
import { useSession } from '../../session-context';
import { EmptyState } from '../../ui/feedback';
import { SelectField, TextField } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { Listing } from '../../ui/listing';
import { RemoveDialog } from '../../ui/remove-dialog';
import { ActionsHead } from '../../ui/row-actions';
import { SecretOnce } from '../../ui/secret-once';
import { Time } from '../../ui/time';
import { useChange } from '../../ui/use-change';
import { SettingsCard } from './settings-card';

const ROLES: readonly { value: Role; label: string }[] = [
  { value: 'sender', label: 'Sender: may only post events' },
  { value: 'viewer', label: 'Viewer: sees everything, changes nothing' },
  { value: 'editor', label: 'Editor: changes rules, and acts on executions' },
  { value: 'admin', label: 'Admin: also keys, credentials and the audit log' },
  { value: 'decoder', label: 'Decoder: may only decode Temporal’s payloads' },
];

type Asked = { what: 'add' } | { what: 'revoke'; key: ApiKey } | { what: 'show'; secret: string };

export function ApiKeysTab() {
  const list = useInfiniteQuery(apiKeysQuery);
  const [asked, setAsked] = useState<Asked>();
  const own = useSession().key.id;
  const close = () => {
    setAsked(undefined);
  };
  return (
    <SettingsCard
      label="API keys"
      about="What systems and people sign in with. Each has one role."
      add="Make a key"
      onAdd={() => {
        setAsked({ what: 'add' });
      }}
    >
      <Listing
        list={list}
        empty={
          <EmptyState title="There is no key yet">
            <p>Make one for each system that posts events, and for each person.</p>
          </EmptyState>
        }
      >
        {(keys) => (
          <div class="table-wrap">
            <table class="list stacks">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Role</th>
                  <th scope="col">Id</th>
                  <th scope="col">Made</th>
                  <ActionsHead />
                </tr>
              </thead>
              <tbody>
                {keys.map((key) => (
                  <tr key={key.id}>
                    <td>
                      {key.name} {key.id === own && <span class="tag">signed in with it</span>}
                    </td>
                    <td>
                      <span class="badge info plain">{key.role}</span>
                    </td>
                    <td class="mono muted">{key.id}</td>
                    <td class="muted">
                      <Time at={key.created_at} />
                    </td>
                    <td class="actions-cell">
                      {key.revoked_at !== null ? (
                        <span class="badge calm">Revoked</span>
                      ) : (
                        key.id !== own && (
                          <button
                            type="button"
                            class="button small danger"
                            aria-label={`Revoke ${key.name}`}
                            onClick={() => {
                              setAsked({ what: 'revoke', key });
                            }}
                          >
                            Revoke
                          </button>
                        )
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Listing>
      {asked?.what === 'add' && (
        <NewKeyDialog
          onClose={close}
          onMade={(secret) => {
            setAsked({ what: 'show', secret });
          }}
        />
      )}
      {asked?.what === 'show' && (
        <SecretOnce title="The new API key" what="the key" secret={asked.secret} onClose={close} />
      )}
      {asked?.what === 'revoke' && (
        <RemoveDialog
          title={`Revoke ${asked.key.name}`}
          submit="Revoke it"
          remove={() => revokeApiKey(asked.key.id)}
          touches={[['api-keys']]}
          told="Revoked. It is refused from now on."
          onClose={close}
        >
          <p>Whoever uses it is refused at once. This cannot be taken back; it stays in the list.</p>
        </RemoveDialog>
      )}
    </SettingsCard>
  );
}

function NewKeyDialog({ onClose, onMade }: { onClose: () => void; onMade: (key: string) => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('sender');
  const making = useChange({
    change: () => createApiKey({ name: name.trim(), role }),
    touches: [['api-keys']],
    showsError: true,
    onDone: ({ key }) => {
      onMade(key);
    },
  });
  return (
    <FormDialog
      title="Make an API key"
      submit="Make it"
      isPending={making.isPending}
      error={making.error}
      onClose={onClose}
      onSubmit={() => {
        making.mutate(undefined);
      }}
    >
      <TextField
        label="Name"
        hint="Who or what uses it."
        placeholder="Billing system"
        required
        maxLength={MAX_NAME_LENGTH}
        value={name}
        onInput={setName}
      />
      <SelectField label="Role" value={role} options={ROLES} onChange={setRole} />
    </FormDialog>
  );
}
