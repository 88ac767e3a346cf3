import { Plus, X } from 'lucide-preact';
import type { Json } from '../../../shared/json';
import { asText, isObject } from '../../rules/document';
import { useValue } from './editor-context';
import { Problems, useControl } from './field';
import { useWritten } from './use-written';

type Header = [name: string, value: string];

/** Static headers, a row for each. */
export function HeadersField({ step }: { step: number }) {
  const path = ['steps', step, 'headers'];
  const [value, setValue] = useValue(path);
  const { problems, id, ...control } = useControl(path);
  const [headers, setHeaders] = useWritten<Header[]>(value, headersOf, meaningOf, setValue);
  const isTwice = new Set(headers.map(([name]) => name)).size < headers.length;
  const change = (index: number, changed: Header) => {
    setHeaders(headers.map((header, place) => (place === index ? changed : header)));
  };
  return (
    <div class="stack-small" role="group" aria-label="Headers">
      <span class="label">Headers</span>
      {headers.map(([name, text], index) => (
        <div key={index} class="header-row">
          <input
            class="input mono"
            aria-label={`Name of header ${index + 1}`}
            aria-describedby={control['aria-describedby']}
            aria-invalid={control['aria-invalid'] || isTwice}
            {...(index === 0 && { id, 'data-path': control['data-path'] })}
            placeholder="x-team"
            spellcheck={false}
            value={name}
            onInput={(event) => {
              change(index, [event.currentTarget.value, text]);
            }}
          />
          <input
            class="input mono"
            aria-label={`Value of header ${index + 1}`}
            placeholder="value"
            spellcheck={false}
            value={text}
            onInput={(event) => {
              change(index, [name, event.currentTarget.value]);
            }}
          />
          <button
            type="button"
            class="button quiet icon-button"
            aria-label={`Remove header ${index + 1}`}
            onClick={() => {
              setHeaders(headers.toSpliced(index, 1));
            }}
          >
            <X size={15} aria-hidden="true" />
          </button>
        </div>
      ))}
      <div>
        <button
          type="button"
          class="button small"
          onClick={() => {
            setHeaders([...headers, ['', '']]);
          }}
        >
          <Plus size={14} aria-hidden="true" /> Add a header
        </button>
      </div>
      <div class="field">
        <Problems
          id={control['aria-describedby']}
          problems={isTwice ? ['One name stands there twice: the last one counts.', ...problems] : problems}
          hint="Credentials do not belong here: whoever may read the rule reads them. Choose a credential below."
        />
      </div>
    </div>
  );
}

function headersOf(value: Json | undefined): Header[] {
  return isObject(value) ? Object.entries(value).map(([name, text]) => [name, asText(text)]) : [];
}

function meaningOf(headers: readonly Header[]): Json | undefined {
  const named = headers.filter(([name]) => name !== '');
  return named.length === 0 ? undefined : Object.fromEntries(named);
}
