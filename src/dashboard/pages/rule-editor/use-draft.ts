import { useEffect, useReducer, useState } from 'preact/hooks';
import type { StoredRule } from '../../api/rules';
import { isSame } from '../../rules/document';
import {
  draftOf,
  hasUnreadText,
  NEW_RULE,
  reduceDraft,
  type Draft,
  type DraftAction,
} from '../../rules/draft';
import { forgetDraft, keepDraft, keptDraft } from './kept-draft';

/** The edit of a rule: kept in the browser's tab for as long as it differs from what is stored. */
export interface DraftState {
  draft: Draft;
  dispatch: (action: DraftAction) => void;
  /** What is edited, as it was when the edit began; null: a new rule. */
  base: StoredRule | null;
  isDirty: boolean;
  /** It was begun before the page was loaded, and has been found again. */
  isRestored: boolean;
  /** Goes on from what is stored now. @param keepsMine what was written stays, and replaces that when it is saved */
  rebase: (stored: StoredRule | null, keepsMine: boolean) => void;
  forget: () => void;
}

function freshDraft(base: StoredRule | null): Draft {
  return base === null ? draftOf(NEW_RULE, false) : draftOf(base.document, true);
}

export function useDraft(stored: StoredRule | null): DraftState {
  const key = stored?.id ?? '-';
  const [kept] = useState(() => keptDraft(key));
  const [base, setBase] = useState(kept?.base ?? stored);
  const [draft, dispatch] = useReducer(reduceDraft, undefined, () => kept?.draft ?? freshDraft(stored));
  const [isRestored, setRestored] = useState(kept !== undefined);
  const isDirty = hasUnreadText(draft) || !isSame(draft.document, base?.document ?? NEW_RULE);
  useEffect(() => {
    if (isDirty) keepDraft(key, { draft, base });
    else forgetDraft(key);
  }, [key, draft, base, isDirty]);
  return {
    draft,
    dispatch,
    base,
    isDirty,
    isRestored: isRestored && isDirty,
    rebase: (now, keepsMine) => {
      setBase(now);
      setRestored(false);
      if (!keepsMine) dispatch({ do: 'put-back', draft: freshDraft(now) });
    },
    forget: () => {
      forgetDraft(key);
    },
  };
}
