import { useMutation, useQuery } from '@tanstack/preact-query';
import { useId } from 'preact/hooks';
import type { JsonObject } from '../../../shared/json';
import { readEvent, recentEventsQuery } from '../../api/recent-events';
import { isObject, without } from '../../rules/document';
import { useToasts } from '../../ui/toasts';
import { relativeTime } from '../../ui/time';

/** An event as text: one that came in of late, or whatever somebody writes. */
export function EventChoice({
  text,
  onText,
  hint,
}: {
  text: string;
  onText: (text: string) => void;
  hint: string;
}) {
  const id = useId();
  const { tellOf } = useToasts();
  const recent = useQuery(recentEventsQuery);
  const reading = useMutation({
    mutationFn: readEvent,
    onSuccess: (event) => {
      // With its id it would be that very event again; and whose trial it was is of no matter here.
      onText(JSON.stringify(without(without(event, 'id'), 'trial'), null, 2));
    },
    onError: tellOf,
  });
  const isWrong = text.trim() !== '' && eventIn(text) === undefined;
  return (
    <>
      {recent.data !== undefined && recent.data.length > 0 && (
        <div class="field">
          <label for={`${id}-recent`}>Take one that came in</label>
          <select
            id={`${id}-recent`}
            class="input"
            value=""
            onChange={(event) => {
              if (event.currentTarget.value !== '') reading.mutate(event.currentTarget.value);
            }}
          >
            <option value="">{reading.isPending ? 'Loading …' : 'Recent events'}</option>
            {recent.data.map(({ event_id: eventId, type, domain, received_at: receivedAt }) => (
              <option key={eventId} value={eventId}>
                {[type, domain, relativeTime(Date.parse(receivedAt), Date.now()), eventId]
                  .filter((part) => part !== null)
                  .join(' · ')}
              </option>
            ))}
          </select>
        </div>
      )}
      <div class="field">
        <label for={id}>Event (JSON)</label>
        <textarea
          id={id}
          class="input mono"
          rows={9}
          spellcheck={false}
          aria-invalid={isWrong}
          aria-describedby={`${id}-hint`}
          value={text}
          onInput={(event) => {
            onText(event.currentTarget.value);
          }}
        />
        <span id={`${id}-hint`} class={isWrong ? 'error' : 'hint'}>
          {isWrong ? 'This is no JSON object yet.' : hint}
        </span>
      </div>
    </>
  );
}

/** The event that a text says; undefined while it says none. */
export function eventIn(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
