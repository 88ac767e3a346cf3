import { useQuery } from '@tanstack/preact-query';
import type { Json } from '../../../shared/json';
import { issueTypesQuery } from '../../api/rule-choices';
import { asText, isObject, textAt, valueAt } from '../../rules/document';
import { factorsOf, withFactorToggled, withKind, withSelection } from '../../rules/trigger';
import {
  FACTORS,
  gradesOf,
  isKind,
  isOfFactors,
  isOfGrade,
  isOfThreshold,
  KINDS,
  SEVERITIES,
  type Kind,
} from '../../rules/words';
import { useValue } from './editor-context';
import { Problems, useControl } from './field';
import { GroupSelect } from './group-select';
import { useWritten } from './use-written';

const CHANGES = ['filters', 'changes'];

const GROUPS: readonly { label: string; kinds: readonly Kind[] }[] = [
  {
    label: 'Score and grade',
    kinds: ['score_drop_threshold', 'score_rise_threshold', 'grade_drop', 'grade_raise'],
  },
  {
    label: 'Factors',
    kinds: [
      'factor_score_drop_threshold',
      'factor_score_rise_threshold',
      'factor_grade_drop',
      'factor_grade_raise',
    ],
  },
  { label: 'Issues and breaches', kinds: ['new_issues', 'breach_reported'] },
];

/** The change and the scorecards, as one sentence with choices in it. */
export function ChangeSentence() {
  const [changes, setChanges] = useValue(CHANGES);
  const { problems: ofChanges, ...control } = useControl(CHANGES);
  const { problems: ofGroup, ...groupControl } = useControl(['filters', 'scorecards']);
  const value = valueAt(changes, ['value']);
  const kind = isKind(value) ? value : undefined;
  return (
    <>
      <p class="sentence">
        When{' '}
        <select
          {...control}
          class="input inline"
          aria-label="Event"
          value={kind ?? ''}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            if (isKind(chosen)) setChanges(withKind(changes, chosen));
          }}
        >
          {kind === undefined && <option value="">choose …</option>}
          {GROUPS.map(({ label, kinds }) => (
            <optgroup key={label} label={label}>
              {kinds.map((each) => (
                <option key={each} value={each}>
                  {KINDS[each]}
                  {isOfThreshold(each) && ' …'}
                </option>
              ))}
            </optgroup>
          ))}
        </select>{' '}
        {kind !== undefined && isOfThreshold(kind) && <Threshold />}
        {kind !== undefined && isOfGrade(kind) && <Grade kind={kind} />}
        {kind === 'new_issues' && <Selection />} for <GroupSelect control={groupControl} />
      </p>
      {kind !== undefined && isOfFactors(kind) && <Factors />}
      {kind === 'new_issues' && textAt(changes, ['selected']) === 'by_type' && <IssueTypes />}
      <div class="field">
        <Problems
          id={control['aria-describedby']}
          problems={ofChanges}
          hint={
            kind !== undefined && isOfThreshold(kind)
              ? 'It fires when the score crosses the line, not while it stays beyond it.'
              : undefined
          }
        />
        <Problems id={groupControl['aria-describedby']} problems={ofGroup} />
      </div>
    </>
  );
}

function Threshold() {
  const [threshold, setThreshold] = useValue([...CHANGES, 'threshold']);
  const [text, setText] = useWritten<string>(
    threshold,
    (value) => (typeof value === 'number' ? String(value) : ''),
    // An empty field says nothing, which the service then misses.
    (written) => (written === '' ? undefined : Number(written)),
    setThreshold,
  );
  return (
    <input
      class="input inline number"
      type="number"
      min={1}
      max={100}
      step="any"
      aria-label="Threshold"
      data-path="filters.changes.threshold"
      value={text}
      onInput={(event) => {
        setText(event.currentTarget.value);
      }}
    />
  );
}

function Grade({ kind }: { kind: Kind }) {
  const [grade, setGrade] = useValue([...CHANGES, 'grade']);
  const beyond = kind.endsWith('_drop') ? 'below' : 'above';
  return (
    <select
      class="input inline"
      aria-label="Grade"
      data-path="filters.changes.grade"
      value={typeof grade === 'string' ? grade : 'any'}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        setGrade(chosen === 'any' ? undefined : chosen);
      }}
    >
      <option value="any">to any</option>
      {gradesOf(kind).map((each) => (
        <option key={each} value={each}>
          to {each} or {beyond}
        </option>
      ))}
    </select>
  );
}

function Selection() {
  const [changes, setChanges] = useValue(CHANGES);
  const selected = textAt(changes, ['selected']);
  const [severity, setSeverity] = useValue([...CHANGES, 'severity']);
  return (
    <>
      <select
        class="input inline"
        aria-label="Which issues"
        data-path="filters.changes.selected"
        value={selected}
        onChange={(event) => {
          setChanges(withSelection(event.currentTarget.value));
        }}
      >
        <option value="any">of any kind</option>
        <option value="by_severity">of a severity</option>
        <option value="by_type">of given types</option>
      </select>{' '}
      {selected === 'by_severity' && (
        <>
          <select
            class="input inline"
            aria-label="Severity"
            data-path="filters.changes.severity"
            value={typeof severity === 'string' ? severity : ''}
            onChange={(event) => {
              setSeverity(event.currentTarget.value);
            }}
          >
            {SEVERITIES.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>{' '}
          or higher
        </>
      )}
    </>
  );
}

function Factors() {
  const [changes, setChanges] = useValue(CHANGES);
  const chosen = factorsOf(changes);
  const toggled = isObject(changes) ? changes : {};
  return (
    <div class="stack-small">
      <span class="label" id="factors">
        Factors
      </span>
      <div class="chips" role="group" aria-labelledby="factors" data-path="filters.changes.factor">
        <button
          type="button"
          class="chip outlined"
          aria-pressed={chosen.includes('any')}
          onClick={() => {
            setChanges({ ...toggled, factor: 'any' });
          }}
        >
          Any factor
        </button>
        {Object.entries(FACTORS).map(([factor, name]) => (
          <button
            key={factor}
            type="button"
            class="chip outlined"
            aria-pressed={chosen.includes(factor)}
            onClick={() => {
              setChanges(withFactorToggled(toggled, factor));
            }}
          >
            {name}
          </button>
        ))}
      </div>
    </div>
  );
}

function IssueTypes() {
  const [types, setTypes] = useValue([...CHANGES, 'types']);
  const known = useQuery(issueTypesQuery).data ?? [];
  const [line, setLine] = useWritten<string>(types, lineOf, typesOf, setTypes);
  const chosen = typesOf(line);
  return (
    <div class="field">
      <label for="issue-types">Issue types</label>
      <input
        id="issue-types"
        class="input mono"
        data-path="filters.changes.types"
        placeholder="csp_no_policy_v2, tlscert_expired"
        spellcheck={false}
        value={line}
        onInput={(event) => {
          setLine(event.currentTarget.value);
        }}
      />
      {known.length > 0 && (
        <div class="chips" role="group" aria-label="Known issue types">
          {known.map((type) => (
            <button
              key={type}
              type="button"
              class="chip outlined"
              aria-pressed={chosen.includes(type)}
              onClick={() => {
                const others = chosen.filter((each) => each !== type);
                setLine((chosen.includes(type) ? others : [...chosen, type]).join(', '));
              }}
            >
              {type}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function lineOf(types: Json | undefined): string {
  return Array.isArray(types) ? types.map(asText).join(', ') : '';
}

function typesOf(line: string): string[] {
  return line
    .split(',')
    .map((type) => type.trim())
    .filter((type) => type !== '');
}
