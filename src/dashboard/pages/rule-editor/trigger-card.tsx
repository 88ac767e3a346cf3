import type { ComponentType } from 'preact';
import { useRef } from 'preact/hooks';
import type { JsonObject } from '../../../shared/json';
import { occasionOf, waitingFor, type Occasion } from '../../rules/trigger';
import { ChangeSentence } from './change-sentence';
import { useEditor } from './editor-context';
import { EventFields } from './event-fields';
import { ScheduleFields } from './schedule-fields';

const CHOICES: readonly { occasion: Occasion; label: string; Fields: ComponentType }[] = [
  { occasion: 'scorecards', label: 'A scorecard changes', Fields: ChangeSentence },
  { occasion: 'event', label: 'An event of my own arrives', Fields: EventFields },
  { occasion: 'schedule', label: 'By the clock', Fields: ScheduleFields },
];

/** What of a document says what it waits for. */
const PARTS = ['filters', 'event', 'schedule'] as const;

/** What a rule waits for: a change of scorecards, an event of one's own, or its time. */
export function TriggerCard() {
  const { draft, dispatch } = useEditor();
  const { document } = draft;
  /** What each choice had in it, for whoever tries another and comes back. */
  const left = useRef<Partial<Record<Occasion, JsonObject>>>({});
  const present = occasionOf(document);
  const choose = (occasion: Occasion) => {
    left.current[present] = Object.fromEntries(
      PARTS.flatMap((part) => (document[part] === undefined ? [] : [[part, document[part]]])),
    );
    const kept = left.current[occasion];
    dispatch({ do: 'change', change: (before) => ({ ...waitingFor(before, occasion), ...kept }) });
  };
  const { Fields } = CHOICES.find(({ occasion }) => occasion === present) ?? { Fields: ChangeSentence };
  return (
    <section class="card" aria-labelledby="when">
      <div class="card-head">
        <h2 id="when" class="grow">
          When
        </h2>
        <div class="chips" role="group" aria-label="What it waits for">
          {CHOICES.map(({ occasion, label }) => (
            <button
              key={occasion}
              type="button"
              class="chip"
              aria-pressed={occasion === present}
              onClick={() => {
                if (occasion !== present) choose(occasion);
              }}
            >
              {label}
            </button>
          ))}
        </div>
      </div>
      <div class="card-body stack">
        <Fields />
      </div>
    </section>
  );
}
