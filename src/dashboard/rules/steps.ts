import type { Json, JsonObject } from '../../shared/json';
import { isObject, textAt } from './document';

/** The id by which executions find a step: its own, or that of its place. */
export function stepId(step: Json | undefined, index: number): string {
  const id = textAt(step, ['id']);
  return id === '' ? `step-${index + 1}` : id;
}

/** The steps of a rule; what is no step is none. */
export function stepsOf({ steps }: JsonObject): JsonObject[] {
  return Array.isArray(steps) ? steps.filter(isObject) : [];
}

/**
 * The rule with its steps in another order, with fewer, or with more. Steps that have no id get the one that their place
 * gave them: executions that wait must find theirs again.
 */
export function withSteps(document: JsonObject, change: (steps: JsonObject[]) => JsonObject[]): JsonObject {
  const named = stepsOf(document).map((step, index) =>
    textAt(step, ['id']) === '' ? { id: stepId(step, index), ...step } : step,
  );
  return { ...document, steps: change(named) };
}

/** A list with one of its items elsewhere. Out of bounds: the list as it is. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = [...items];
  const [item] = rest.splice(from, 1);
  if (item === undefined || to < 0 || to > rest.length) return [...items];
  rest.splice(to, 0, item);
  return rest;
}

/** A step that calls nothing yet, with an id that no other has. */
export function newStep(steps: readonly JsonObject[]): JsonObject {
  const taken = new Set(steps.map(stepId));
  let number = steps.length + 1;
  while (taken.has(`step-${number}`)) number += 1;
  return { id: `step-${number}`, action: 'call_webhook', url: '' };
}

/** An id made of a name: "Score below 80!" is `score-below-80`. At most 64 characters; empty when nothing is left. */
export function idOfName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, 64)
    .replace(/-+$/, '');
}
