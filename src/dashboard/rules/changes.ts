import type { Json } from '../../shared/json';
import { isObject, isSame, pathText, textAt, type Path } from './document';
import { stepId } from './steps';

/** One difference between two versions of a rule. */
export interface Change {
  /** Where, e.g. `steps.tell.url`: steps by their id, so that a moved one is not shown as changed. */
  path: string;
  /** undefined: it was not there, or is no more. */
  from: Json | undefined;
  to: Json | undefined;
}

/** What differs between two versions of a rule, in the order of the later one. */
export function changesBetween(from: Json, to: Json): Change[] {
  return compare(from, to, []);
}

function compare(from: Json | undefined, to: Json | undefined, path: Path): Change[] {
  if (isSame(from, to)) return [];
  if (path.length === 1 && path[0] === 'steps' && Array.isArray(from) && Array.isArray(to)) {
    return compareSteps(from, to);
  }
  if (isObject(from) && isObject(to)) {
    const keys = [...new Set([...Object.keys(to), ...Object.keys(from)])];
    return keys.flatMap((key) => compare(from[key], to[key], [...path, key]));
  }
  return [{ path: pathText(path), from, to }];
}

function compareSteps(from: readonly Json[], to: readonly Json[]): Change[] {
  const before = new Map(from.map((step, index) => [stepId(step, index), step]));
  const after = new Map(to.map((step, index) => [stepId(step, index), step]));
  const kept = [...after.keys()].filter((id) => before.has(id));
  const keptBefore = [...before.keys()].filter((id) => after.has(id));
  const isReordered = kept.join() !== keptBefore.join();
  return [
    ...(isReordered ? [{ path: 'order of steps', from: keptBefore.join(', '), to: kept.join(', ') }] : []),
    ...[...new Set([...after.keys(), ...before.keys()])].flatMap((id) =>
      compare(withId(before.get(id), id), withId(after.get(id), id), ['steps', id]),
    ),
  ];
}

/** A step that is named by its place, and the same named by its id, are the same. */
function withId(step: Json | undefined, id: string): Json | undefined {
  return isObject(step) && textAt(step, ['id']) === '' ? { id, ...step } : step;
}
