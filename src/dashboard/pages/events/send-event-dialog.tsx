import { useInfiniteQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { sendEvent, type AcceptedEvent } from '../../api/events';
import { eventTypesQuery } from '../../api/event-types';
import { Field, SelectField } from '../../ui/field';
import { FormDialog } from '../../ui/form-dialog';
import { parseJson } from '../../ui/json-input';
import { useChange } from '../../ui/use-change';
import { samplesOf } from './samples';
import { SentEvent } from './sent-event';

/** Sends an event as a system of one's own would, and shows what came of it. */
export function SendEventDialog({ onClose }: { onClose: () => void }) {
  const types = useInfiniteQuery(eventTypesQuery).data?.pages.flatMap(({ items }) => items) ?? [];
  const samples = samplesOf(types);
  const [name, setName] = useState(samples[0]?.name ?? '');
  const [text, setText] = useState(() => JSON.stringify(samples[0]?.event, null, 2));
  const [sent, setSent] = useState<AcceptedEvent>();
  const parsed = parseJson(text);
  const sending = useChange({
    change: sendEvent,
    touches: [['events'], ['executions'], ['outcomes']],
    showsError: true,
    onDone: setSent,
  });
  if (sent !== undefined) {
    return (
      <SentEvent
        sent={sent}
        onAgain={() => {
          setSent(undefined);
        }}
        onClose={onClose}
      />
    );
  }
  return (
    <FormDialog
      title="Send a sample event"
      submit="Send the event"
      isPending={sending.isPending}
      isReady={'value' in parsed}
      error={sending.error}
      onClose={onClose}
      onSubmit={() => {
        if ('value' in parsed) sending.mutate(parsed.value);
      }}
    >
      <p class="muted">This is a real event: rules that match it call their webhooks.</p>
      <SelectField
        label="Sample"
        value={name}
        options={samples.map((sample) => ({ value: sample.name, label: sample.name }))}
        onChange={(chosen) => {
          setName(chosen);
          setText(JSON.stringify(samples.find((sample) => sample.name === chosen)?.event, null, 2));
        }}
      />
      <Field
        label="Event, as JSON"
        hint={'problem' in parsed ? parsed.problem : 'Without an id it is given one.'}
      >
        {(ties) => (
          <textarea
            {...ties}
            class="input mono"
            rows={14}
            spellcheck={false}
            aria-invalid={'problem' in parsed}
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
            }}
          />
        )}
      </Field>
    </FormDialog>
  );
}
