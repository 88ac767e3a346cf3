import { useInfiniteQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import type { Credential } from '../../api/credential';
import { credentialsQuery, deleteCredential } from '../../api/credentials';
import { useMay } from '../../session-context';
import { EmptyState } from '../../ui/feedback';
import { Listing } from '../../ui/listing';
import { RemoveDialog } from '../../ui/remove-dialog';
import { RowActions } from '../../ui/row-actions';
import { Time } from '../../ui/time';
import { CredentialDialog } from './credential-dialog';
import { KINDS } from './credential-form';
import { ActionsHead, SettingsCard } from './settings-card';

type Asked = { what: 'add' } | { what: 'edit' | 'remove'; credential: Credential };

export function CredentialsTab() {
  const list = useInfiniteQuery(credentialsQuery);
  const [asked, setAsked] = useState<Asked>();
  const mayAdminister = useMay('administer');
  const close = () => {
    setAsked(undefined);
  };
  return (
    <SettingsCard
      label="Credentials"
      about="What webhooks authenticate with. Secrets are sealed, and never shown again."
      add={mayAdminister ? 'Add a credential' : undefined}
      onAdd={() => {
        setAsked({ what: 'add' });
      }}
    >
      <Listing
        list={list}
        empty={
          <EmptyState title="There is no credential yet">
            <p>Add one, then name it in a rule’s step or in a destination’s settings.</p>
          </EmptyState>
        }
      >
        {(credentials) => (
          <div class="table-wrap">
            <table class="list stacks">
              <thead>
                <tr>
                  <th scope="col">Credential</th>
                  <th scope="col">Kind</th>
                  <th scope="col">Sent to</th>
                  <th scope="col">Changed</th>
                  {mayAdminister && <ActionsHead />}
                </tr>
              </thead>
              <tbody>
                {credentials.map((credential) => (
                  <tr key={credential.id}>
                    <td>
                      <span class="stack-small">
                        {credential.name !== null && <span>{credential.name}</span>}
                        <span class="mono muted">{credential.id}</span>
                      </span>
                    </td>
                    <td>{KINDS.find(({ value }) => value === credential.kind)?.label ?? credential.kind}</td>
                    <td class="break muted">{credential.origins.join(', ')}</td>
                    <td class="muted" data-label="Changed">
                      <Time at={credential.updated_at} />
                    </td>
                    {mayAdminister && (
                      <td class="actions-cell">
                        <RowActions
                          name={credential.name ?? credential.id}
                          onEdit={() => {
                            setAsked({ what: 'edit', credential });
                          }}
                          onRemove={() => {
                            setAsked({ what: 'remove', credential });
                          }}
                        />
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Listing>
      {(asked?.what === 'add' || asked?.what === 'edit') && (
        <CredentialDialog credential={asked.what === 'edit' ? asked.credential : undefined} onClose={close} />
      )}
      {asked?.what === 'remove' && (
        <RemoveDialog
          title={`Remove ${asked.credential.name ?? asked.credential.id}`}
          remove={() => deleteCredential(asked.credential.id)}
          touches={[['credentials']]}
          told="Removed."
          onClose={close}
        >
          <p>It cannot be removed while a rule or a destination names it.</p>
        </RemoveDialog>
      )}
    </SettingsCard>
  );
}
