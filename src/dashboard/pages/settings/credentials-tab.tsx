import { useInfiniteQuery } from '@tanstack/preact-query';
import type { Credential } from '../../api/credential';
import { credentialsQuery, deleteCredential } from '../../api/credentials';
import { useMay } from '../../session-context';
import { EditableList } from '../../ui/editable-list';
import { EmptyState } from '../../ui/feedback';
import { RemoveDialog } from '../../ui/remove-dialog';
import { Time } from '../../ui/time';
import { useAsked } from '../../ui/use-asked';
import { CredentialDialog } from './credential-dialog';
import { KINDS } from './credential-form';
import { SettingsCard } from './settings-card';

export function CredentialsTab() {
  const list = useInfiniteQuery(credentialsQuery);
  const asked = useAsked<Credential>();
  const mayAdminister = useMay('administer');
  return (
    <SettingsCard
      label="Credentials"
      about="What webhooks authenticate with. Secrets are sealed, and never shown again."
      add={mayAdminister ? 'Add a credential' : undefined}
      onAdd={asked.add}
    >
      <EditableList
        list={list}
        empty={
          <EmptyState title="There is no credential yet">
            <p>Add one, then name it in a rule’s step or in a destination’s settings.</p>
          </EmptyState>
        }
        head={
          <>
            <th scope="col">Credential</th>
            <th scope="col">Kind</th>
            <th scope="col">Sent to</th>
            <th scope="col">Changed</th>
          </>
        }
        idOf={({ id }) => id}
        nameOf={({ id, name }) => name ?? id}
        mayChange={mayAdminister}
        asked={asked}
        form={(credential) => <CredentialDialog credential={credential} onClose={asked.close} />}
        removal={(credential) => (
          <RemoveDialog
            title={`Remove ${credential.name ?? credential.id}`}
            remove={() => deleteCredential(credential.id)}
            touches={[['credentials']]}
            told="Removed."
            onClose={asked.close}
          >
            <p>It cannot be removed while a rule or a destination names it.</p>
          </RemoveDialog>
        )}
      >
        {(credential) => (
          <>
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
          </>
        )}
      </EditableList>
    </SettingsCard>
  );
}
