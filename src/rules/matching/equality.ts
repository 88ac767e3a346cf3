import { hasOperators } from '../filter';
import type { Filter } from '../filter-schema';
import type { Json, JsonObject } from '../../shared/json';

/** A value of which a field that is not there has none, so that looking for it can be left to a map. */
export type Discriminant = string | number | boolean;

/** A condition which only data with one of these values at the path can meet. */
export interface Equality {
  path: string;
  values: readonly Discriminant[];
}

/** The conditions of a filter's top level that ask for one of a few values; all of them have to be met. */
export function equalitiesOf(filter: Filter): Equality[] {
  return Object.entries(filter).flatMap(([path, condition]) => {
    if (path.startsWith('$')) return [];
    const values = valuesOf(condition);
    return values?.every(isDiscriminant) ? [{ path, values }] : [];
  });
}

function valuesOf(condition: Json): Json[] | undefined {
  if (!hasOperators(condition)) return [condition];
  const { $eq, $in } = condition;
  if ($eq !== undefined) return [$eq];
  return Array.isArray($in) ? $in : undefined;
}

function isDiscriminant(value: Json): value is Discriminant {
  return typeof value !== 'object';
}

/** What a path leads to in some data, as filters walk along it: into the items of lists too. */
export function valuesAt(data: JsonObject, path: string): Set<Discriminant> {
  const found = new Set<Discriminant>();
  collect(data, path.split('.'), found);
  return found;
}

function collect(value: unknown, [name, ...further]: string[], found: Set<Discriminant>): void {
  if (Array.isArray(value) && (name === undefined || Number.isNaN(Number(name)))) {
    for (const item of value) collect(item, name === undefined ? [] : [name, ...further], found);
  }
  if (name !== undefined) {
    // Texts and lists have a length, which filters can see.
    if (value !== null && value !== undefined) {
      collect((Object(value) as Record<string, unknown>)[name], further, found);
    }
  } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    found.add(value);
  }
}
