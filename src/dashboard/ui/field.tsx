import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import '../styles/fields.css';

interface Labelled {
  label: string;
  hint?: ComponentChildren;
}

/** What ties an input to its label and hint. */
interface Ties {
  id: string;
  'aria-describedby'?: string;
}

export function Field({ label, hint, children }: Labelled & { children: (ties: Ties) => ComponentChildren }) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(hint === undefined ? { id } : { id, 'aria-describedby': hintId })}
      {hint !== undefined && (
        <span class="hint" id={hintId}>
          {hint}
        </span>
      )}
    </div>
  );
}

interface TextFieldProps extends Labelled {
  value: string;
  onInput: (value: string) => void;
  type?: 'text' | 'email' | 'number' | 'password' | 'datetime-local' | 'url' | 'date';
  required?: boolean;
  disabled?: boolean;
  placeholder?: string;
  maxLength?: number;
  min?: number;
  max?: number;
  step?: number | 'any';
  isMono?: boolean;
  /** For what nobody's browser should fill in or keep. */
  isSecret?: boolean;
}

export function TextField({ label, hint, value, onInput, type, isMono, isSecret, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint}>
      {(ties) => (
        <input
          {...ties}
          {...rest}
          type={isSecret === true ? 'password' : (type ?? 'text')}
          class={`input ${isMono === true ? 'mono' : ''}`}
          autocomplete={isSecret === true ? 'new-password' : 'off'}
          spellcheck={false}
          value={value}
          onInput={(event) => {
            onInput(event.currentTarget.value);
          }}
        />
      )}
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  value,
  onInput,
  rows,
  ...rest
}: Labelled & {
  value: string;
  onInput: (value: string) => void;
  rows: number;
  placeholder?: string;
  required?: boolean;
}) {
  return (
    <Field label={label} hint={hint}>
      {(ties) => (
        <textarea
          {...ties}
          {...rest}
          rows={rows}
          class="input mono"
          spellcheck={false}
          value={value}
          onInput={(event) => {
            onInput(event.currentTarget.value);
          }}
        />
      )}
    </Field>
  );
}

export function SelectField<Value extends string>({
  label,
  hint,
  value,
  options,
  onChange,
  disabled = false,
}: Labelled & {
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
  disabled?: boolean;
}) {
  return (
    <Field label={label} hint={hint}>
      {(ties) => (
        <select
          {...ties}
          class="input"
          disabled={disabled}
          value={value}
          onChange={(event) => {
            const chosen = options.find((option) => option.value === event.currentTarget.value);
            if (chosen) onChange(chosen.value);
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function Checkbox({
  label,
  isChecked,
  onChange,
}: {
  label: ComponentChildren;
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
}) {
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={isChecked}
        onChange={(event) => {
          onChange(event.currentTarget.checked);
        }}
      />
      <span>{label}</span>
    </label>
  );
}
