import { OVERLAPS, type Overlap } from '../../rules/words';
import { textAt } from '../../rules/document';
import { useEditor, useValue } from './editor-context';
import { Field, Problems, useControl } from './field';
import { GroupSelect } from './group-select';
import { TextField } from './text-field';

const CRON = ['schedule', 'cron'];
const OVERLAP = ['schedule', 'overlap'];

/** When a rule runs by the clock, and for which scorecards. */
export function ScheduleFields() {
  const { draft } = useEditor();
  const [overlap, setOverlap] = useValue(OVERLAP);
  const { problems, ...control } = useControl(['filters', 'scorecards']);
  return (
    <>
      <p class="sentence">
        When it is time, for <GroupSelect control={control} anyLabel="nothing in particular, once" />
      </p>
      <Problems
        id={control['aria-describedby']}
        problems={problems}
        hint="Each scorecard of a group has an execution of its own, with its present state."
      />
      <TextField
        path={CRON}
        label="Cron"
        isMono
        placeholder="0 9 * * 1"
        hint="Minute, hour, day of the month, month, day of the week: “0 9 * * 1” is each Monday at nine."
      />
      <TextField
        path={['schedule', 'timezone']}
        label="Time zone"
        isOptional
        placeholder="UTC"
        hint="Such as Europe/Paris. UTC unless you say otherwise."
      />
      <Field path={OVERLAP} label="When the run before is not done">
        {(props) => (
          <select
            {...props}
            class="input"
            value={textAt(draft.document, OVERLAP) || 'skip'}
            onChange={(event) => {
              const chosen = event.currentTarget.value;
              setOverlap(chosen === 'skip' && overlap === undefined ? undefined : chosen);
            }}
          >
            {(Object.keys(OVERLAPS) as Overlap[]).map((each) => (
              <option key={each} value={each}>
                {OVERLAPS[each]}
              </option>
            ))}
          </select>
        )}
      </Field>
    </>
  );
}
