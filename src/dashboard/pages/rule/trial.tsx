import { useMutation, useQueryClient } from '@tanstack/preact-query';
import { Send } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { JsonObject } from '../../../shared/json';
import { tryRule, type StoredRule } from '../../api/rules';
import { ErrorNote } from '../../ui/feedback';
import { EventChoice, eventIn } from './event-choice';
import { TrialResult } from './trial-result';

/** Sends a trial event, and shows what comes of it in place. */
export function Trial({ rule }: { rule: StoredRule }) {
  const [isOwn, setOwn] = useState(false);
  const [text, setText] = useState('');
  const queries = useQueryClient();
  const trying = useMutation({
    mutationFn: (event: JsonObject | undefined) => tryRule(rule.id, event),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['events', 'recent'] });
      void queries.invalidateQueries({ queryKey: ['executions'] });
    },
  });
  const event = eventIn(text);
  const execution = trying.data?.executions[0]?.execution_id;
  return (
    <section class="card" aria-labelledby="trial">
      <div class="card-head">
        <h2 id="trial">Send a trial event</h2>
      </div>
      <form
        class="card-body stack"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          trying.mutate(isOwn ? event : undefined);
        }}
      >
        <p class="muted">
          This rule alone runs, whatever the event would match. Its webhooks are really called; what they get
          is marked as a trial.
        </p>
        <fieldset class="choices">
          <legend class="visually-hidden">The event</legend>
          <label class="choice">
            <input
              type="radio"
              name="trial-event"
              checked={!isOwn}
              onChange={() => {
                setOwn(false);
              }}
            />
            A sample that fits this rule
          </label>
          <label class="choice">
            <input
              type="radio"
              name="trial-event"
              checked={isOwn}
              onChange={() => {
                setOwn(true);
              }}
            />
            An event of my own
          </label>
        </fieldset>
        {isOwn && (
          <EventChoice
            text={text}
            onText={setText}
            hint="The last trial is among the recent events: take it, and change it."
          />
        )}
        <div>
          <button
            type="submit"
            class="button primary"
            disabled={trying.isPending || (isOwn && event === undefined)}
          >
            <Send size={15} aria-hidden="true" /> Send the trial
          </button>
        </div>
        {trying.isError && <ErrorNote error={trying.error} />}
        {execution !== undefined && <TrialResult key={execution} executionId={execution} />}
      </form>
    </section>
  );
}
