import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import type { JsonObject } from '../../../shared/json';
import { isObject, isSame } from '../../rules/document';
import { Skeleton } from '../../ui/feedback';
import { useEditor } from './editor-context';

export type TextFormat = 'json' | 'yaml';

interface Notation {
  write: (document: JsonObject) => string;
  /** @throws Error when the text is none */
  read: (text: string) => unknown;
}

const JSON_NOTATION: Notation = {
  write: (document) => JSON.stringify(document, null, 2),
  read: (text) => JSON.parse(text) as unknown,
};

/** The whole rule as text: also what the form has no field for. */
export function TextView({ format }: { format: TextFormat }) {
  // Only who writes YAML loads what reads it.
  const yaml = useQuery({
    queryKey: ['yaml'],
    queryFn: async (): Promise<Notation> => {
      const { parse, stringify } = await import('yaml');
      return {
        write: (document) => stringify(document, { lineWidth: 100 }),
        read: (text) => parse(text) as unknown,
      };
    },
    staleTime: Infinity,
    enabled: format === 'yaml',
  });
  const notation = format === 'json' ? JSON_NOTATION : yaml.data;
  return (
    <section class="card" aria-label={`The rule as ${format.toUpperCase()}`}>
      <div class="card-body">
        {notation === undefined ? (
          <Skeleton />
        ) : (
          <TextEditor key={format} format={format} notation={notation} />
        )}
      </div>
    </section>
  );
}

function TextEditor({ format, notation }: { format: TextFormat; notation: Notation }) {
  const { draft, dispatch } = useEditor();
  const [raw, setRaw] = useState('');
  const unread = draft.texts[format];
  const text =
    unread ?? (isSame(read(notation, raw).document, draft.document) ? raw : notation.write(draft.document));
  const problem = unread === undefined ? undefined : read(notation, unread).problem;
  return (
    <div class="field">
      <label for="rule-text">The rule as {format.toUpperCase()}</label>
      <textarea
        id="rule-text"
        class="input mono"
        rows={Math.min(36, Math.max(16, text.split('\n').length + 1))}
        spellcheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby="rule-text-about"
        value={text}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          setRaw(typed);
          const { document } = read(notation, typed);
          if (document === undefined) dispatch({ do: 'unread', field: format, text: typed });
          else dispatch({ do: 'replace', document });
        }}
      />
      <div id="rule-text-about" class={problem === undefined ? 'hint' : 'error'}>
        {problem ?? 'Everything that a rule can have, also what the form has no field for.'}
      </div>
    </div>
  );
}

function read(notation: Notation, text: string): { document?: JsonObject; problem?: string } {
  try {
    const value = notation.read(text);
    return isObject(value) ? { document: value } : { problem: 'A rule is an object.' };
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { problem: `Not read yet: ${line}` };
  }
}
