import type { Filter } from './filter-schema';
import { isObject } from './json-value';
import { LinearRegex, TooMuchWorkError, WorkMeter } from './linear-regex';
import type { Json, JsonObject } from '../shared/json';

/** What is known of a value: a filter holds of it or not, unless looking would take too long. */
type Verdict = boolean | { undecided: string };

/** Whether something holds of a value. */
type Test = (value: unknown) => boolean;

/** One for all: filters are applied one after the other, never within one another. */
const meter = new WorkMeter();

/**
 * Compiles a valid filter, as `filterSchema` has it, into a question about one value. It never throws.
 *
 * Fields are paths with dots (`customer.address.city`; a number is a place in a list: `lines.0.sku`). All conditions of a
 * filter must hold. Where a path leads into a list, a condition holds when it holds of one of its items, or of the list
 * as a whole; `$ne`, `$nin` and `$not` are the opposites of `$eq`, `$in` and what is under them, so they hold when
 * it holds of no item. A field that is not there is equal to null.
 *
 * - `$eq`, or the bare value: equal, of the same type; objects and lists as a whole, whatever the order of keys.
 * - `$gt $gte $lt $lte`: numbers with numbers, texts with texts (by UTF-16 code units, so ISO times compare by time).
 * - `$exists`: whether the field is there, be it null.
 * - `$regex`: found in a text (RE2's syntax, `$options: 'i'` ignores case); never in one of more than 64 K characters.
 *
 * Not by `sift`, whose paths go on into what JavaScript's values inherit (`a.toString`), whose lists have no missing places,
 * and whose operators cost time in proportion to the square of nested lists, or run JavaScript's regular expressions.
 * A value that would take more than MAX_MATCHING_WORK to decide is not matched.
 */
export function compileFilter(filter: Filter): (value: JsonObject) => boolean {
  const decide = deciderOf(filter);
  return (value) => decide(value) === true;
}

/** Prepares a filter. @returns what decides on a value */
export function deciderOf(filter: Filter): (value: JsonObject) => Verdict {
  const test = testOf(filter);
  return (value) => {
    meter.reset();
    try {
      return test(value);
    } catch (error) {
      // A list in a list in a list …, thousands deep, ends the stack.
      if (error instanceof RangeError) return { undecided: 'the value is nested too deeply' };
      if (error instanceof TooMuchWorkError) return { undecided: error.message };
      throw error;
    }
  };
}

function testOf(filter: Filter): Test {
  const tests = Object.entries(filter).map(([key, condition]): Test => {
    if (key === '$and') return all((condition as Filter[]).map(testOf));
    if (key === '$or') return any((condition as Filter[]).map(testOf));
    if (key === '$not') return not(testOf(condition as Filter));
    return fieldTest(key.split('.'), condition);
  });
  return all(tests);
}

function fieldTest(path: readonly string[], condition: Json): Test {
  const { $options, ...operators } = hasOperators(condition) ? condition : { $eq: condition };
  const some =
    (holds: Test): Test =>
    (value) =>
      holdsOfOne(value, path, 0, holds);
  const tests = Object.entries(operators).map(([operator, operand]): Test => {
    // What `filterSchema` lets stand with each operator.
    switch (operator) {
      case '$ne':
        return not(some(equalTo(operand)));
      case '$in':
        return some(among(operand as Json[]));
      case '$nin':
        return not(some(among(operand as Json[])));
      case '$exists':
        return (value) => exists(value, path, 0) === operand;
      case '$not':
        return not(fieldTest(path, operand));
      case '$regex':
        return some(matching(operand as string, $options === 'i'));
      case '$eq':
        return some(equalTo(operand));
      default:
        return some(comparedTo(operator, operand as string | number));
    }
  });
  return all(tests);
}

const all =
  (tests: readonly Test[]): Test =>
  (value) =>
    tests.every((test) => test(value));
const any =
  (tests: readonly Test[]): Test =>
  (value) =>
    tests.some((test) => test(value));
const not =
  (test: Test): Test =>
  (value) =>
    !test(value);

/** Whether a field's condition consists of operators; otherwise it is the value to be equal to. */
export function hasOperators(condition: Json): condition is JsonObject {
  return isObject(condition) && Object.keys(condition).some((key) => key.startsWith('$'));
}

/** Whether something holds of one of the values that a path leads to from its place `at` on; what is missing is null. */
function holdsOfOne(value: unknown, path: readonly string[], at: number, holds: Test): boolean {
  meter.spend(1);
  const name = path[at];
  if (name === undefined) {
    if (Array.isArray(value) && value.some((item) => holdsOfOne(item, path, at, holds))) return true;
    return holds(value);
  }
  if (hasOwn(value, name)) return holdsOfOne(value[name], path, at + 1, holds);
  if (leadsIntoItems(value, name)) return value.some((item) => holdsOfOne(item, path, at, holds));
  return holds(null);
}

function exists(value: unknown, path: readonly string[], at: number): boolean {
  meter.spend(1);
  const name = path[at];
  if (name === undefined) return true;
  if (hasOwn(value, name)) return exists(value[name], path, at + 1);
  return leadsIntoItems(value, name) && value.some((item) => exists(item, path, at));
}

/** What JavaScript's values inherit is nothing that a value has. */
function hasOwn(value: unknown, name: string): value is Record<string, unknown> {
  return (
    (typeof value === 'object' || typeof value === 'string') &&
    value !== null &&
    Object.hasOwn(Object(value) as object, name)
  );
}

/** A number is a place in the list, any other name a field of its items. */
function leadsIntoItems(value: unknown, name: string): value is unknown[] {
  return Array.isArray(value) && Number.isNaN(Number(name));
}

const equalTo =
  (operand: Json): Test =>
  (value) =>
    isEqual(operand, value);

function among(operands: readonly Json[]): Test {
  const simple = new Set<unknown>(operands.filter((each) => typeof each !== 'object'));
  const others = operands.filter((each) => typeof each === 'object');
  return (value) => {
    meter.spend(others.length);
    return simple.has(value) || others.some((each) => isEqual(each, value));
  };
}

function matching(pattern: string, ignoreCase: boolean): Test {
  const regex = LinearRegex.compile(pattern, { ignoreCase });
  return (value) => typeof value === 'string' && regex.isIn(value, meter);
}

/** Numbers compare with numbers and texts with texts, and nothing else does. */
function comparedTo(operator: string, operand: string | number): Test {
  return (value) => {
    if (typeof value !== typeof operand) return false;
    const side = value as string | number;
    switch (operator) {
      case '$gt':
        return side > operand;
      case '$gte':
        return side >= operand;
      case '$lt':
        return side < operand;
      case '$lte':
        return side <= operand;
      default:
        throw new Error(`${operator} is not an operator of filters`);
    }
  };
}

/** Takes time in proportion to the operand, which is the filter's and small. */
function isEqual(operand: unknown, value: unknown): boolean {
  if (operand === null) return value === null || value === undefined;
  if (Array.isArray(operand)) {
    return (
      Array.isArray(value) &&
      operand.length === value.length &&
      operand.every((each, index) => isEqual(each, value[index]))
    );
  }
  if (!isObject(operand)) return operand === value;
  if (!isObject(value)) return false;
  const keys = Object.keys(operand);
  return (
    keys.length === Object.keys(value).length &&
    keys.every((key) => Object.hasOwn(value, key) && isEqual(operand[key], value[key]))
  );
}
