import { useInfiniteQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { deleteEventType, eventTypesQuery, putEventType, type EventType } from '../../api/event-types';
import { useMay } from '../../session-context';
import { EditableList } from '../../ui/editable-list';
import { EmptyState } from '../../ui/feedback';
import { TextArea, TextField } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { parseJson } from '../../ui/json-input';
import { RemoveDialog } from '../../ui/remove-dialog';
import { useAsked } from '../../ui/use-asked';
import { useChange } from '../../ui/use-change';
import { SettingsCard } from './settings-card';

export function EventTypesTab() {
  const list = useInfiniteQuery(eventTypesQuery);
  const asked = useAsked<EventType>();
  const mayWrite = useMay('write');
  return (
    <SettingsCard
      label="Event types"
      about="Types of your own events. With a JSON Schema, events that do not fit it are refused."
      add={mayWrite ? 'Add an event type' : undefined}
      onAdd={asked.add}
    >
      <EditableList
        list={list}
        empty={
          <EmptyState title="There is no event type yet">
            <p>
              Events of your own need none. Add one to describe it for whoever builds rules, and to have the{' '}
              <code>data</code> of its events checked.
            </p>
          </EmptyState>
        }
        head={
          <>
            <th scope="col">Type</th>
            <th scope="col">Description</th>
            <th scope="col">Schema</th>
          </>
        }
        idOf={({ name }) => name}
        nameOf={({ name }) => name}
        mayChange={mayWrite}
        asked={asked}
        form={(type) => <EventTypeDialog type={type} onClose={asked.close} />}
        removal={(type) => (
          <RemoveDialog
            title={`Remove ${type.name}`}
            remove={() => deleteEventType(type.name)}
            touches={[['event-types']]}
            told="Removed. Its events are taken whatever they hold."
            onClose={asked.close}
          >
            <p>Events of this type are then taken whatever their data is. Rules about it stay.</p>
          </RemoveDialog>
        )}
      >
        {(type) => (
          <>
            <td class="mono">{type.name}</td>
            <td class="muted">{type.description}</td>
            <td>
              {type.schema === null ? (
                <span class="faint">anything goes</span>
              ) : (
                <span class="badge good plain">JSON Schema</span>
              )}
            </td>
          </>
        )}
      </EditableList>
    </SettingsCard>
  );
}

function EventTypeDialog({ type, onClose }: { type: EventType | undefined; onClose: () => void }) {
  const [name, setName] = useState(type?.name ?? '');
  const [description, setDescription] = useState(type?.description ?? '');
  const [text, setText] = useState(type?.schema == null ? '' : JSON.stringify(type.schema, null, 2));
  const schema = text.trim() === '' ? { value: null } : parseJson(text);
  const saving = useChange({
    change: (value: unknown) =>
      putEventType(
        name.trim(),
        // What it must be besides JSON, the service says.
        {
          description: description.trim() === '' ? null : description.trim(),
          schema: value as EventType['schema'],
        },
        type?.version,
      ),
    touches: [['event-types']],
    told: 'Saved.',
    showsError: true,
    onDone: onClose,
  });
  return (
    <FormDialog
      title={type === undefined ? 'Add an event type' : `Edit ${type.name}`}
      submit="Save"
      isPending={saving.isPending}
      isReady={'value' in schema}
      error={saving.error}
      onClose={onClose}
      onSubmit={() => {
        if ('value' in schema) saving.mutate(schema.value);
      }}
    >
      <TextField
        label="Type"
        hint={type === undefined ? 'Names with dots between them.' : 'A name stays as it is.'}
        placeholder="invoice.paid"
        required
        isMono
        disabled={type !== undefined}
        value={name}
        onInput={setName}
      />
      <TextField label="Description (optional)" value={description} onInput={setDescription} />
      <TextArea
        label="JSON Schema of its data (optional)"
        hint={'problem' in schema ? schema.problem : 'Version 2020-12. Empty: anything goes.'}
        rows={10}
        placeholder={'{ "type": "object", "required": ["amount"] }'}
        value={text}
        onInput={setText}
      />
    </FormDialog>
  );
}
