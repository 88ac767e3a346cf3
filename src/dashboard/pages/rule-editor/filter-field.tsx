import { Plus, X } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Path } from '../../rules/document';
import { filterOf, OPERATORS, rowsOf, type FilterRow, type Operator } from '../../rules/filter-rows';
import { useEditor, useValue } from './editor-context';
import { Problems, useControl } from './field';
import { JsonField } from './json-field';
import { useWritten } from './use-written';

/** A filter: rows for what rows can say, and its JSON for the rest. */
export function FilterField({
  path,
  label,
  hint,
  placeholder,
  step,
  field,
}: {
  path: Path;
  label: string;
  hint: string;
  /** Of the name of a field. */
  placeholder: string;
  step?: number;
  field: string;
}) {
  const { draft } = useEditor();
  const [value] = useValue(path);
  const [isText, setText] = useState(false);
  const isUnread = (step === undefined ? draft.texts[field] : draft.steps[step]?.texts[field]) !== undefined;
  const fitsRows = rowsOf(value) !== undefined && !isUnread;
  return (
    <div class="stack-small" role="group" aria-label={label}>
      {fitsRows && !isText ? (
        <Rows
          path={path}
          label={label}
          hint={hint}
          placeholder={placeholder}
          onText={() => {
            setText(true);
          }}
        />
      ) : (
        <JsonField
          path={path}
          label={`${label} (JSON)`}
          hint={`${hint} Operators: $eq $ne $gt $gte $lt $lte $in $nin $exists $regex $not, $and, $or.`}
          field={field}
          {...(step !== undefined && { step })}
        />
      )}
      {fitsRows && isText && (
        <div>
          <button
            type="button"
            class="button quiet small"
            onClick={() => {
              setText(false);
            }}
          >
            As conditions
          </button>
        </div>
      )}
    </div>
  );
}

function Rows({
  path,
  label,
  hint,
  placeholder,
  onText,
}: {
  path: Path;
  label: string;
  hint: string;
  placeholder: string;
  onText: () => void;
}) {
  const [value, setValue] = useValue(path);
  const { problems, id, ...control } = useControl(path);
  const [rows, setRows] = useWritten<FilterRow[]>(
    value,
    (filter) => rowsOf(filter) ?? [],
    (written) => filterOf(written.filter((row) => row.field.trim() !== '')),
    setValue,
  );
  const change = (index: number, changes: Partial<FilterRow>) => {
    setRows(rows.map((row, place) => (place === index ? { ...row, ...changes } : row)));
  };
  return (
    <>
      <span class="label">{label}</span>
      {rows.map((row, index) => (
        <div key={index} class="filter-row">
          <input
            class="input mono"
            aria-label={`${label}, field ${index + 1}`}
            aria-describedby={control['aria-describedby']}
            aria-invalid={control['aria-invalid']}
            {...(index === 0 && { id, 'data-path': control['data-path'] })}
            placeholder={placeholder}
            spellcheck={false}
            value={row.field}
            onInput={(event) => {
              change(index, { field: event.currentTarget.value.trim() });
            }}
          />
          <select
            class="input"
            aria-label={`${label}, comparison ${index + 1}`}
            value={row.operator}
            onChange={(event) => {
              change(index, { operator: event.currentTarget.value as Operator });
            }}
          >
            {Object.entries(OPERATORS).map(([operator, words]) => (
              <option key={operator} value={operator}>
                {words}
              </option>
            ))}
          </select>
          {row.operator === '$exists' ? (
            <select
              class="input"
              aria-label={`${label}, value ${index + 1}`}
              value={row.value === 'false' ? 'false' : 'true'}
              onChange={(event) => {
                change(index, { value: event.currentTarget.value });
              }}
            >
              <option value="true">yes</option>
              <option value="false">no</option>
            </select>
          ) : (
            <input
              class="input mono"
              aria-label={`${label}, value ${index + 1}`}
              placeholder={row.operator.endsWith('in') ? 'DE, FR' : 'value'}
              spellcheck={false}
              value={row.value}
              onInput={(event) => {
                change(index, { value: event.currentTarget.value });
              }}
            />
          )}
          <button
            type="button"
            class="button quiet icon-button"
            aria-label={`Remove condition ${index + 1}`}
            onClick={() => {
              setRows(rows.toSpliced(index, 1));
            }}
          >
            <X size={15} aria-hidden="true" />
          </button>
        </div>
      ))}
      <div class="row">
        <button
          type="button"
          class="button small"
          onClick={() => {
            setRows([...rows, { field: '', operator: '$eq', value: '' }]);
          }}
        >
          <Plus size={14} aria-hidden="true" /> Add a condition
        </button>
        <button type="button" class="button quiet small" onClick={onText}>
          As JSON
        </button>
      </div>
      <div class="field">
        <Problems id={control['aria-describedby']} problems={problems} hint={hint} />
      </div>
    </>
  );
}
