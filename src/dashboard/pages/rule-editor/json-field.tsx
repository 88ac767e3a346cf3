import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Json } from '../../../shared/json';
import { isSame, type Path } from '../../rules/document';
import { useEditor, useValue } from './editor-context';
import { Field } from './field';

/** JSON of the document as text. While it is no JSON the document keeps what it said before, and the text stays. */
export function JsonField({
  path,
  label,
  hint,
  placeholder,
  step,
  field,
}: {
  path: Path;
  label: string;
  hint?: ComponentChildren;
  placeholder?: string;
  /** The place of the step that it belongs to. */
  step?: number;
  field: string;
}) {
  const { draft, dispatch } = useEditor();
  const [value] = useValue(path);
  const [raw, setRaw] = useState('');
  const unread = step === undefined ? draft.texts[field] : draft.steps[step]?.texts[field];
  const text = unread ?? (means(raw, value) ? raw : written(value));
  return (
    <Field
      path={path}
      label={label}
      hint={
        unread === undefined ? hint : <span class="error">This is not JSON yet, so it is not saved.</span>
      }
    >
      {(props) => (
        <textarea
          {...props}
          aria-invalid={props['aria-invalid'] || unread !== undefined}
          class="input mono"
          rows={Math.min(14, Math.max(3, text.split('\n').length + 1))}
          spellcheck={false}
          {...(placeholder !== undefined && { placeholder })}
          value={text}
          onInput={(event) => {
            const { value: typed } = event.currentTarget;
            setRaw(typed);
            dispatch({ do: 'text', field, path, text: typed, ...(step !== undefined && { step }) });
          }}
        />
      )}
    </Field>
  );
}

function written(value: Json | undefined): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}

function means(text: string, value: Json | undefined): boolean {
  if (text.trim() === '') return value === undefined;
  try {
    return isSame(JSON.parse(text) as Json, value);
  } catch {
    return false;
  }
}
