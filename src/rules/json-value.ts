import { z } from 'zod';
import type { Json, JsonObject } from '../shared/json';

/** What keeps a value from being JSON of bounded depth, and where. */
interface Flaw {
  path: (string | number)[];
  message: string;
}

/** Any JSON value of at most `maxDepth` levels. Taken as it is: nothing is copied, dropped or reordered. */
export function jsonValue(maxDepth: number) {
  return z.unknown().transform((value, context): Json => {
    const flaw = flawOf(value, maxDepth, []);
    if (flaw === undefined) return value as Json;
    context.addIssue({ code: 'custom', ...flaw });
    return z.NEVER;
  });
}

/** The same, when it has to be an object. */
export function jsonObject(maxDepth: number) {
  return z
    .unknown()
    .meta({ type: 'object' })
    .transform((value, context): JsonObject => {
      const flaw = isObject(value) ? flawOf(value, maxDepth, []) : { path: [], message: 'must be an object' };
      if (flaw === undefined) return value as JsonObject;
      context.addIssue({ code: 'custom', ...flaw });
      return z.NEVER;
    });
}

/** An object as JSON and YAML make them: no array, no Date, no Map. */
export function isObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  // By its tag, because the workflow sandbox's objects have another realm's prototype.
  return Object.prototype.toString.call(value) === '[object Object]';
}

function flawOf(value: unknown, levels: number, path: (string | number)[]): Flaw | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : { path, message: 'must be a finite number' };
  }
  const isArray = Array.isArray(value);
  if (!isArray && !isObject(value)) return { path, message: 'must be a JSON value' };
  if (levels === 0) return { path, message: 'is nested too deeply' };
  const entries: [string | number, unknown][] = isArray ? [...value.entries()] : Object.entries(value);
  for (const [key, each] of entries) {
    const flaw = flawOf(each, levels - 1, [...path, key]);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}
