import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Json } from '../../../shared/json';
import { valueAt, type Path } from '../../rules/document';
import type { Draft, DraftAction } from '../../rules/draft';
import type { FieldProblem } from '../../rules/problems';

export interface Editor {
  draft: Draft;
  dispatch: (action: DraftAction) => void;
  /** Those that are to be seen: not of fields that nobody has been at yet. */
  problems: readonly FieldProblem[];
  isNew: boolean;
}

const Context = createContext<Editor | undefined>(undefined);

export const EditorProvider = Context.Provider;

/** The rule that is edited, for the parts of its form. */
export function useEditor(): Editor {
  const editor = useContext(Context);
  if (editor === undefined) throw new Error('this is a part of the form of a rule');
  return editor;
}

/** One value of the document, and what changes it: undefined takes it away. */
export function useValue(path: Path): [Json | undefined, (value: Json | undefined) => void] {
  const { draft, dispatch } = useEditor();
  return [
    valueAt(draft.document, path),
    (value) => {
      dispatch({ do: 'set', path, value });
    },
  ];
}
