import type { StoredRule } from '../../api/rules';
import { draftOf, type Draft } from '../../rules/draft';
import { isObject } from '../../rules/document';

/** What is kept of an edit in the browser's tab, so that a reload loses nothing. */
export interface KeptDraft {
  draft: Draft;
  /** The rule that was edited; null: a new one. */
  base: StoredRule | null;
}

export function keepDraft(key: string, kept: KeptDraft): void {
  try {
    sessionStorage.setItem(`rule-draft:${key}`, JSON.stringify(kept));
  } catch {
    // Storage may be full or refused; then a reload loses the edit, and leaving asks first.
  }
}

export function forgetDraft(key: string): void {
  sessionStorage.removeItem(`rule-draft:${key}`);
}

export function keptDraft(key: string): KeptDraft | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(`rule-draft:${key}`) ?? 'null') as KeptDraft | null;
    if (kept === null || !isObject(kept.draft.document)) return undefined;
    // What an earlier release of this page kept may lack something.
    return { ...kept, draft: { ...draftOf(kept.draft.document, true), ...kept.draft } };
  } catch {
    return undefined;
  }
}
