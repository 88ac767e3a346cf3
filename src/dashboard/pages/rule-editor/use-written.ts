import { useState } from 'preact/hooks';
import type { Json } from '../../../shared/json';
import { isSame } from '../../rules/document';

/**
 * What somebody writes in a field whose value is something else: a line for a list, rows for an object. It stays as it was
 * written for as long as it means what the document says; when the document changes otherwise, it is written anew.
 */
export function useWritten<T>(
  value: Json | undefined,
  read: (value: Json | undefined) => T,
  meaning: (written: T) => Json | undefined,
  onChange: (value: Json | undefined) => void,
): [T, (written: T) => void] {
  const [written, setWritten] = useState(() => read(value));
  const shown = isSame(meaning(written), value) ? written : read(value);
  return [
    shown,
    (changed) => {
      setWritten(changed);
      onChange(meaning(changed));
    },
  ];
}
