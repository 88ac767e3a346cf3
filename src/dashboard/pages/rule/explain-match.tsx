import { useMutation } from '@tanstack/preact-query';
import { HelpCircle } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { JsonObject } from '../../../shared/json';
import { explainRule } from '../../api/rules';
import { Code } from '../../ui/code';
import { ErrorNote } from '../../ui/feedback';
import { EventChoice, eventIn } from './event-choice';

/** Why an event did not match, or what it would set off. Starts nothing. */
export function ExplainMatch({ ruleId }: { ruleId: string }) {
  const [text, setText] = useState('');
  const explaining = useMutation({ mutationFn: (event: JsonObject) => explainRule(ruleId, event) });
  const event = eventIn(text);
  return (
    <section class="card" aria-labelledby="explain">
      <div class="card-head">
        <h2 id="explain">Why did this event not match?</h2>
      </div>
      <form
        class="card-body stack"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (event !== undefined) explaining.mutate(event);
        }}
      >
        <EventChoice
          text={text}
          onText={(changed) => {
            setText(changed);
            explaining.reset();
          }}
          hint="Held against the rule as it is now. Nothing is started or called."
        />
        <div>
          <button type="submit" class="button" disabled={event === undefined || explaining.isPending}>
            <HelpCircle size={15} aria-hidden="true" /> Explain
          </button>
        </div>
        {explaining.isError && <ErrorNote error={explaining.error} />}
        {explaining.data !== undefined && (
          <div class={`note ${explaining.data.matches ? 'good' : 'warn'}`} role="status">
            <div class="grow stack-small">
              <b>{explaining.data.matches ? 'It matches' : 'It does not match'}</b>
              <span class="break">{explaining.data.reason}</span>
              {explaining.data.trigger !== undefined && (
                <details>
                  <summary>What receivers would be told</summary>
                  <Code text={JSON.stringify(explaining.data.trigger)} label="The trigger" />
                </details>
              )}
            </div>
          </div>
        )}
      </form>
    </section>
  );
}
