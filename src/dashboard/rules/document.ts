import type { Json, JsonObject } from '../../shared/json';

/** The keys that lead to a value of a document. */
export type Path = readonly (string | number)[];

/** What an answer has besides the rule as it was written. */
const STAMPS: readonly string[] = ['version', 'created_at', 'updated_at', 'updated_by'];

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path; undefined when there is none. */
export function valueAt(document: Json | undefined, path: Path): Json | undefined {
  let value = document;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, Json>)[key];
  }
  return value;
}

/** The text at a path; empty when there is none. */
export function textAt(document: Json | undefined, path: Path): string {
  const value = valueAt(document, path);
  return typeof value === 'string' ? value : '';
}

/**
 * The document with another value at a path. All else stays as it is, and in its order. What lies on the way and is missing
 * becomes an object.
 *
 * @param value undefined takes the key away
 */
export function withValue<T extends Json>(document: T, path: Path, value: Json | undefined): T {
  const [key, ...rest] = path;
  if (key === undefined) return (value ?? document) as T;
  if (Array.isArray(document)) {
    const changed: Json[] = document.slice();
    if (rest.length === 0 && value === undefined) changed.splice(Number(key), 1);
    else changed[Number(key)] = withValue(changed[Number(key)] ?? {}, rest, value);
    return changed as Json as T;
  }
  const before: JsonObject = isObject(document) ? document : {};
  if (rest.length === 0 && value === undefined) {
    return without(before, String(key)) as Json as T;
  }
  return { ...before, [key]: withValue(before[key] ?? {}, rest, value) } as Json as T;
}

/** A rule of an answer, as it was written. */
export function withoutStamps(rule: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(rule).filter(([key]) => !STAMPS.includes(key)));
}

/** Whether two JSON values say the same; the order of keys says nothing. */
export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((each, index) => isSame(each, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
    );
  }
  return a === b;
}

/** A path as the service writes it in problems: `steps[0].headers["x y"]`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    if (!/^[\w-]+$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

/** An object without one of its keys. */
export function without(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/** A value that people read in one line: a text as it is, all else as JSON. */
export function asText(value: Json | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
