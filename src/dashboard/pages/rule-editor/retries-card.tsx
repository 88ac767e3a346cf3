import type { Json } from '../../../shared/json';
import { asText } from '../../rules/document';
import { DEFAULT_DELAYS, delaysOf } from '../../rules/schedule';
import { ScheduleLine } from '../../rules/schedule-line';
import { useEditor, useValue } from './editor-context';
import { Field } from './field';
import { useWritten } from './use-written';

const PATH = ['retry_schedule'];

/** When a call that fails is tried again. */
export function RetriesCard() {
  const { draft } = useEditor();
  const [schedule, setSchedule] = useValue(PATH);
  const [line, setLine] = useWritten<string>(schedule, lineOf, delaysOf, setSchedule);
  const isOwn = schedule !== undefined;
  return (
    <section class="card" aria-labelledby="retries">
      <div class="card-head">
        <h2 id="retries">If a call fails</h2>
      </div>
      <div class="card-body stack">
        <fieldset class="choices">
          <legend class="visually-hidden">Retry schedule</legend>
          <label class="choice">
            <input
              type="radio"
              name="schedule"
              checked={!isOwn}
              onChange={() => {
                setSchedule(undefined);
              }}
            />
            The usual schedule, over 36 hours
          </label>
          <label class="choice">
            <input
              type="radio"
              name="schedule"
              checked={isOwn}
              onChange={() => {
                setLine(DEFAULT_DELAYS.join(', '));
              }}
            />
            A schedule of its own
          </label>
        </fieldset>
        {isOwn && (
          <Field
            path={PATH}
            label="Delays, each counted from the attempt before it"
            hint="Such as 30s, 6m, 3h, 1d, separated by commas. Empty: nothing is tried again."
          >
            {(props) => (
              <input
                {...props}
                class="input mono"
                spellcheck={false}
                value={line}
                onInput={(event) => {
                  setLine(event.currentTarget.value);
                }}
              />
            )}
          </Field>
        )}
        <ScheduleLine document={draft.document} />
      </div>
    </section>
  );
}

function lineOf(schedule: Json | undefined): string {
  return Array.isArray(schedule) ? schedule.map(asText).join(', ') : '';
}
