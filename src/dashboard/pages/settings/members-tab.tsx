import { useInfiniteQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { deleteMember, membersQuery, putMember, type Member } from '../../api/members';
import { MAX_NAME_LENGTH } from '../../../shared/limits';
import { useMay } from '../../session-context';
import { EmptyState } from '../../ui/feedback';
import { TextField } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { Listing } from '../../ui/listing';
import { RemoveDialog } from '../../ui/remove-dialog';
import { RowActions } from '../../ui/row-actions';
import { useChange } from '../../ui/use-change';
import { ActionsHead, SettingsCard } from './settings-card';

type Asked = { what: 'add' } | { what: 'edit' | 'remove'; member: Member };

export function MembersTab() {
  const list = useInfiniteQuery(membersQuery);
  const [asked, setAsked] = useState<Asked>();
  const mayWrite = useMay('write');
  const close = () => {
    setAsked(undefined);
  };
  return (
    <SettingsCard
      label="Members"
      about="People who own rules: they get the e-mail when a rule’s webhook fails for good."
      add={mayWrite ? 'Add a member' : undefined}
      onAdd={() => {
        setAsked({ what: 'add' });
      }}
    >
      <Listing
        list={list}
        empty={
          <EmptyState title="There is no member yet">
            <p>
              Add one to have rules name them as their owner. A rule may also have its owner’s address itself.
            </p>
          </EmptyState>
        }
      >
        {(members) => (
          <div class="table-wrap">
            <table class="list stacks">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">E-mail</th>
                  <th scope="col">Id</th>
                  {mayWrite && <ActionsHead />}
                </tr>
              </thead>
              <tbody>
                {members.map((member) => (
                  <tr key={member.id}>
                    <td>{member.name}</td>
                    <td class="break">{member.email}</td>
                    <td class="mono muted">{member.id}</td>
                    {mayWrite && (
                      <td class="actions-cell">
                        <RowActions
                          name={member.name}
                          onEdit={() => {
                            setAsked({ what: 'edit', member });
                          }}
                          onRemove={() => {
                            setAsked({ what: 'remove', member });
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
        <MemberDialog member={asked.what === 'edit' ? asked.member : undefined} onClose={close} />
      )}
      {asked?.what === 'remove' && (
        <RemoveDialog
          title={`Remove ${asked.member.name}`}
          remove={() => deleteMember(asked.member.id)}
          touches={[['members']]}
          told="Removed."
          onClose={close}
        >
          <p>They cannot be removed while a rule is theirs.</p>
        </RemoveDialog>
      )}
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
