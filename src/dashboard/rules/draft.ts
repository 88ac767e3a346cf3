import type { Json, JsonObject } from '../../shared/json';
import { isObject, without, withValue, type Path } from './document';
import { idOfName, moved, newStep, stepsOf, withSteps } from './steps';

/** Texts that are not (yet) JSON, by the field that they stand in. */
type Texts = Partial<Record<string, string>>;

/** What the form knows of a step besides the document. */
export interface StepDraft {
  /** Tells steps apart while they move. */
  key: number;
  texts: Texts;
}

/** A rule while it is edited: the whole document, of which the form changes what it has fields for. */
export interface Draft {
  document: JsonObject;
  steps: StepDraft[];
  texts: Texts;
  nextKey: number;
  /** The id of a new rule follows its name until somebody writes one. */
  isIdOwn: boolean;
}

export type DraftAction =
  | { do: 'set'; path: Path; value: Json | undefined }
  | { do: 'change'; change: (document: JsonObject) => JsonObject }
  | { do: 'name'; name: string }
  | { do: 'id'; id: string }
  /** The text of a field that holds JSON, as it is typed. */
  | { do: 'text'; step?: number; field: string; path: Path; text: string }
  /** A text of the whole rule that cannot be read, as it is typed. */
  | { do: 'unread'; field: string; text: string }
  | { do: 'add-step' }
  | { do: 'move-step'; from: number; to: number }
  | { do: 'remove-step'; index: number }
  | { do: 'replace'; document: JsonObject }
  | { do: 'put-back'; draft: Draft };

export const NEW_RULE: JsonObject = {
  id: '',
  name: '',
  owner: { email: '' },
  filters: { changes: { value: 'score_drop_threshold', threshold: 80 }, scorecards: { value: 'followed' } },
  steps: [{ id: 'step-1', action: 'call_webhook', url: '' }],
};

export function draftOf(document: JsonObject, isIdOwn: boolean): Draft {
  const steps = stepsOf(document).map((_, key) => ({ key, texts: {} }));
  return { document, steps, texts: {}, nextKey: steps.length, isIdOwn };
}

export function reduceDraft(draft: Draft, action: DraftAction): Draft {
  const { document, steps } = draft;
  switch (action.do) {
    case 'set':
      return { ...draft, document: pruned(withValue(document, action.path, action.value)) };
    case 'change':
      return { ...draft, document: pruned(action.change(document)) };
    case 'name': {
      const named = { ...document, name: action.name };
      return { ...draft, document: draft.isIdOwn ? named : { ...named, id: idOfName(action.name) } };
    }
    case 'id':
      return { ...draft, isIdOwn: action.id !== '', document: { ...document, id: action.id } };
    case 'text':
      return withText(draft, action);
    case 'unread':
      return { ...draft, texts: { ...draft.texts, [action.field]: action.text } };
    case 'add-step':
      return {
        ...draft,
        document: withSteps(document, (all) => [...all, newStep(all)]),
        steps: [...steps, { key: draft.nextKey, texts: {} }],
        nextKey: draft.nextKey + 1,
      };
    case 'move-step':
      return {
        ...draft,
        document: withSteps(document, (all) => moved(all, action.from, action.to)),
        steps: moved(steps, action.from, action.to),
      };
    case 'remove-step':
      return {
        ...draft,
        document: withSteps(document, (all) => all.toSpliced(action.index, 1)),
        steps: steps.toSpliced(action.index, 1),
      };
    case 'replace': {
      const { length } = stepsOf(action.document);
      const isSameSteps = length === steps.length;
      return {
        ...draft,
        document: action.document,
        texts: {},
        steps: Array.from({ length }, (_, index) => ({
          key: isSameSteps ? (steps[index]?.key ?? index) : draft.nextKey + index,
          texts: {},
        })),
        nextKey: draft.nextKey + length,
      };
    }
    case 'put-back':
      return action.draft;
  }
}

/** Without the object that is left when the last thing in it is taken away. */
function pruned(document: JsonObject): JsonObject {
  const { notify } = document;
  return isObject(notify) && Object.keys(notify).length === 0 ? without(document, 'notify') : document;
}

/** A field's JSON, while it is typed: the document has what it said last, and the text is kept until it says something. */
function withText(draft: Draft, { step, field, path, text }: DraftAction & { do: 'text' }): Draft {
  const read = readJson(text);
  const keep = (texts: Texts): Texts => ({
    ...Object.fromEntries(Object.entries(texts).filter(([name]) => name !== field)),
    ...(!read.isJson && { [field]: text }),
  });
  return {
    ...draft,
    document: read.isJson ? withValue(draft.document, path, read.value) : draft.document,
    texts: step === undefined ? keep(draft.texts) : draft.texts,
    steps: draft.steps.map((each, index) => (index === step ? { ...each, texts: keep(each.texts) } : each)),
  };
}

/** JSON that somebody types: an empty text is none. */
function readJson(text: string): { isJson: true; value: Json | undefined } | { isJson: false } {
  if (text.trim() === '') return { isJson: true, value: undefined };
  try {
    return { isJson: true, value: JSON.parse(text) as Json };
  } catch {
    return { isJson: false };
  }
}

/** Whether some field holds a text that is no JSON, so that the document does not have it. */
export function hasUnreadText({ texts, steps }: Draft): boolean {
  return [texts, ...steps.map((step) => step.texts)].some((each) => Object.keys(each).length > 0);
}

/** Whether the form can show a document: one that was written as text may be anything. */
export function fitsForm({ steps, filters, event, owner }: JsonObject): boolean {
  return (
    (steps === undefined || (Array.isArray(steps) && steps.every(isObject))) &&
    [filters, event, owner].every((part) => part === undefined || isObject(part))
  );
}
