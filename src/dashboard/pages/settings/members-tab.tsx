import { useInfiniteQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { deleteMember, membersQuery, putMember, type Member } from '../../api/members';
import { MAX_NAME_LENGTH } from '../../../shared/limits';
import { useMay } from '../../session-context';
import { EditableList } from '../../ui/editable-list';
import { EmptyState } from '../../ui/feedback';
import { TextField } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { RemoveDialog } from '../../ui/remove-dialog';
import { useAsked } from '../../ui/use-asked';
import { useChange } from '../../ui/use-change';
import { SettingsCard } from './settings-card';

export function MembersTab() {
  const list = useInfiniteQuery(membersQuery);
  const asked = useAsked<Member>();
  const mayWrite = useMay('write');
  return (
    <SettingsCard
      label="Members"
      about="People who own rules: they get the e-mail when a rule’s webhook fails for good."
      add={mayWrite ? 'Add a member' : undefined}
      onAdd={asked.add}
    >
      <EditableList
        list={list}
        empty={
          <EmptyState title="There is no member yet">
            <p>
              Add one to have rules name them as their owner. A rule may also have its owner’s address itself.
            </p>
          </EmptyState>
        }
        head={
          <>
            <th scope="col">Name</th>
            <th scope="col">E-mail</th>
            <th scope="col">Id</th>
          </>
        }
        idOf={({ id }) => id}
        nameOf={({ name }) => name}
        mayChange={mayWrite}
        asked={asked}
        form={(member) => <MemberDialog member={member} onClose={asked.close} />}
        removal={(member) => (
          <RemoveDialog
            title={`Remove ${member.name}`}
            remove={() => deleteMember(member.id)}
            touches={[['members']]}
            told="Removed."
            onClose={asked.close}
          >
            <p>They cannot be removed while a rule is theirs.</p>
          </RemoveDialog>
        )}
      >
        {(member) => (
          <>
            <td>{member.name}</td>
            <td class="break">{member.email}</td>
            <td class="mono muted">{member.id}</td>
          </>
        )}
      </EditableList>
    </SettingsCard>
  );
}

function MemberDialog({ member, onClose }: { member: Member | undefined; onClose: () => void }) {
  const [id, setId] = useState(member?.id ?? '');
  const [name, setName] = useState(member?.name ?? '');
  const [email, setEmail] = useState(member?.email ?? '');
  const saving = useChange({
    change: () => putMember(id.trim(), { name: name.trim(), email: email.trim() }, member?.version),
    touches: [['members']],
    told: 'Saved.',
    showsError: true,
    onDone: onClose,
  });
  return (
    <FormDialog
      title={member === undefined ? 'Add a member' : `Edit ${member.name}`}
      submit="Save"
      isPending={saving.isPending}
      error={saving.error}
      onClose={onClose}
      onSubmit={() => {
        saving.mutate(undefined);
      }}
    >
      <TextField label="Name" required maxLength={MAX_NAME_LENGTH} value={name} onInput={setName} />
      <TextField label="E-mail" type="email" required value={email} onInput={setEmail} />
      <TextField
        label="Id"
        hint={member === undefined ? 'As rules name them: a-z, 0-9, "-".' : 'An id stays as it is.'}
        placeholder="ada"
        required
        disabled={member !== undefined}
        value={id}
        onInput={setId}
      />
    </FormDialog>
  );
}
