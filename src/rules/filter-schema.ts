import { z } from 'zod';
import { isObject } from './json-value';
import { LinearRegex, PatternError } from './linear-regex';
import { MAX_FILTER_DEPTH, MAX_FILTER_NODES, MAX_FILTER_PATTERNS } from '../shared/limits';
import type { Json } from '../shared/json';

/** A filter as people write it. What each part means stands at `compileFilter`. */
export type Filter = Record<string, Json>;

/** What may stand under a field. */
const OPERATORS = new Set([
  '$eq',
  '$ne',
  '$gt',
  '$gte',
  '$lt',
  '$lte',
  '$in',
  '$nin',
  '$exists',
  '$regex',
  '$options',
  '$not',
]);

/** Names that objects have without being given them: hardly ever meant, and often an attack. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype', 'toJSON']);

type Path = (string | number)[];

/** Thrown to end the check where going on would only take time. */
class TooLarge extends Error {}

/** One check of one filter: collects what is wrong with it. Recursion ends at MAX_FILTER_DEPTH. */
class FilterCheck {
  readonly flaws: { path: Path; message: string }[] = [];
  private nodes = 0;
  private patterns = 0;

  /** `{field: condition, $and: […], $or: […], $not: {…}}` */
  filter(value: unknown, path: Path, depth: number): void {
    if (!isObject(value)) {
      this.refuse(path, 'must be an object of fields and what must hold of them');
      return;
    }
    this.enter(path, depth);
    for (const [key, condition] of Object.entries(value)) {
      const at = [...path, key];
      this.count();
      if (key === '$and' || key === '$or') this.filters(condition, at, depth + 1);
      else if (key === '$not') this.filter(condition, at, depth + 1);
      else if (OPERATORS.has(key)) this.refuse(at, 'must stand under the field that it is about');
      else if (key.startsWith('$')) this.refuse(at, 'is not an operator of filters');
      else {
        if (key.split('.').some((name) => name === ''))
          this.refuse(at, 'must be names with dots between them');
        if (key.split('.').some((name) => RESERVED.has(name))) this.refuse(at, 'cannot be filtered by');
        this.condition(condition, at, depth + 1);
      }
    }
  }

  private filters(value: unknown, path: Path, depth: number): void {
    if (!Array.isArray(value) || value.length === 0) {
      this.refuse(path, 'must be a list of filters, at least one');
      return;
    }
    value.forEach((each, index) => {
      this.filter(each, [...path, index], depth);
    });
  }

  /** Operators, or the value that the field must be equal to. */
  private condition(value: unknown, path: Path, depth: number): void {
    if (isObject(value) && Object.keys(value).some((key) => key.startsWith('$'))) {
      this.operators(value, path, depth);
    } else {
      this.literal(value, path, depth);
    }
  }

  private operators(value: Record<string, unknown>, path: Path, depth: number): void {
    this.enter(path, depth);
    for (const [name, operand] of Object.entries(value)) {
      const at = [...path, name];
      this.count();
      switch (name) {
        case '$eq':
        case '$ne':
          this.literal(operand, at, depth + 1);
          break;
        case '$in':
        case '$nin':
          if (Array.isArray(operand)) this.literal(operand, at, depth + 1);
          else this.refuse(at, 'must be a list of values');
          break;
        case '$gt':
        case '$gte':
        case '$lt':
        case '$lte':
          if (typeof operand !== 'string' && !Number.isFinite(operand)) {
            this.refuse(at, 'must be a number or a text');
          }
          break;
        case '$exists':
          if (typeof operand !== 'boolean') this.refuse(at, 'must be true or false');
          break;
        case '$regex':
          this.pattern(operand, value['$options'], at);
          break;
        case '$options':
          if (operand !== 'i') this.refuse(at, 'must be "i", which ignores case: there is no other option');
          if (!Object.hasOwn(value, '$regex')) this.refuse(at, 'must stand beside $regex');
          break;
        case '$not':
          if (isObject(operand) && Object.keys(operand).length > 0) this.operators(operand, at, depth + 1);
          else this.refuse(at, 'must be operators, such as {"$gt": 5}');
          break;
        case '$and':
        case '$or':
          this.refuse(at, 'must stand beside fields, not under one');
          break;
        default:
          this.refuse(
            at,
            name.startsWith('$') ? 'is not an operator of filters' : 'must not stand beside operators',
          );
      }
    }
  }

  private pattern(pattern: unknown, options: unknown, path: Path): void {
    if (typeof pattern !== 'string') {
      this.refuse(path, 'must be a regular expression as a text');
      return;
    }
    this.patterns += 1;
    if (this.patterns > MAX_FILTER_PATTERNS) {
      this.refuse(path, `is one regular expression too many: a filter may have ${MAX_FILTER_PATTERNS}`);
      return;
    }
    try {
      LinearRegex.compile(pattern, { ignoreCase: options === 'i' });
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      this.refuse(path, error.message);
    }
  }

  /** A value to compare with. */
  private literal(value: unknown, path: Path, depth: number): void {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
    if (typeof value === 'number' && Number.isFinite(value)) return;
    const isArray = Array.isArray(value);
    if (!isArray && !isObject(value)) {
      this.refuse(path, 'must be a JSON value');
      return;
    }
    this.enter(path, depth);
    const entries: [string | number, unknown][] = isArray ? [...value.entries()] : Object.entries(value);
    for (const [key, each] of entries) {
      this.count();
      if (typeof key === 'string' && key.startsWith('$')) {
        this.refuse(
          [...path, key],
          'is an operator within a value: write fields below others with dots, such as "a.b"',
        );
      } else {
        this.literal(each, [...path, key], depth + 1);
      }
    }
  }

  private refuse(path: Path, message: string): void {
    this.flaws.push({ path, message });
  }

  private enter(path: Path, depth: number): void {
    if (depth <= MAX_FILTER_DEPTH) return;
    this.refuse(path, `is nested too deeply: a filter may have ${MAX_FILTER_DEPTH} levels`);
    throw new TooLarge();
  }

  private count(): void {
    this.nodes += 1;
    if (this.nodes <= MAX_FILTER_NODES) return;
    this.refuse([], `is too large: a filter may have ${MAX_FILTER_NODES} fields, operators and values`);
    throw new TooLarge();
  }
}

/** What is wrong with a filter, each at its path. */
function flawsOf(value: unknown): FilterCheck['flaws'] {
  const check = new FilterCheck();
  try {
    check.filter(value, [], 1);
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
  }
  return check.flaws;
}

/** A filter, exactly as it was written. */
export const filterSchema = z
  .unknown()
  .meta({
    type: 'object',
    description:
      'Fields (with dots) and what must hold of them: a value, or $eq $ne $gt $gte $lt $lte $in $nin $exists $regex $not; $and, $or and $not join filters.',
  })
  .transform((value, context): Filter => {
    for (const flaw of flawsOf(value)) context.addIssue({ code: 'custom', ...flaw });
    return value as Filter;
  });
