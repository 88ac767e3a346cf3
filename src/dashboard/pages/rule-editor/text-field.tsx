import type { ComponentChildren } from 'preact';
import { asText, type Path } from '../../rules/document';
import { useValue } from './editor-context';
import { Field } from './field';

/** A text of the document. */
export function TextField({
  path,
  label,
  hint,
  placeholder,
  list,
  type = 'text',
  isMono = false,
  isOptional = false,
}: {
  path: Path;
  label: string;
  hint?: ComponentChildren;
  placeholder?: string;
  /** The id of a list of what others wrote. */
  list?: string;
  type?: 'text' | 'url' | 'email';
  isMono?: boolean;
  /** An empty one is left out of the document. */
  isOptional?: boolean;
}) {
  const [value, setValue] = useValue(path);
  return (
    <Field path={path} label={label} hint={hint}>
      {(props) => (
        <input
          {...props}
          class={`input ${isMono ? 'mono' : ''}`}
          type={type}
          {...(list !== undefined && { list })}
          {...(placeholder !== undefined && { placeholder })}
          spellcheck={!isMono && type === 'text'}
          value={asText(value)}
          onInput={(event) => {
            const text = event.currentTarget.value;
            setValue(isOptional && text === '' ? undefined : text);
          }}
        />
      )}
    </Field>
  );
}
