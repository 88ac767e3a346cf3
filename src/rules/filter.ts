import { $and, $exists, $not, $or, createEqualsOperation, createQueryTester } from 'sift';
import type { Filter } from './filter-schema';
import { isObject } from './json-value';
import { LinearRegex, TooMuchWorkError, WorkMeter } from './linear-regex';
import type { Json, JsonObject } from '../shared/json';

/** What is known of a value: a filter holds of it or not, unless looking would take too long. */
type Verdict = boolean | { undecided: string };

type SiftOptions = NonNullable<Parameters<typeof createQueryTester>[1]>;
type Operations = NonNullable<SiftOptions['operations']>;
type Operation = Operations[string];
type OperationOptions = Parameters<Operation>[2];

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
 * `sift` combines conditions and walks along paths. Only the operators above are registered with it, and of those that
 * compare, none is its own: they cost time in proportion to the square of nested lists, or run JavaScript's regular
 * expressions. A value that would take more than MAX_MATCHING_WORK to decide is not matched.
 */
export function compileFilter(filter: Filter): (value: JsonObject) => boolean {
  const decide = deciderOf(filter);
  return (value) => decide(value) === true;
}

/** Prepares a filter. @returns what decides on a value */
export function deciderOf(filter: Filter): (value: JsonObject) => Verdict {
  const test: (value: JsonObject) => boolean = createQueryTester(prepared(filter), { operations });
  return (value) => {
    meter.reset();
    try {
      return test(value);
    } catch (error) {
      // A list in a list in a list …, thousands deep, ends the stack.
      if (error instanceof RangeError) return { undecided: 'the value is nested too deeply' };
      if (error instanceof TooMuchWorkError) return { undecided: error.message };
      // What JavaScript's own objects throw when a path goes on into their methods: nothing that a value has.
      if (error instanceof TypeError) return false;
      throw error;
    }
  };
}

/** The filter in the form that `sift` gets: each condition an operator, regular expressions compiled. */
function prepared(filter: Filter): Record<string, unknown> {
  return Object.fromEntries<unknown>(
    Object.entries(filter).map(([key, condition]) => {
      if (key === '$and' || key === '$or') return [key, (condition as Filter[]).map(prepared)];
      if (key === '$not') return [key, prepared(condition as Filter)];
      return [key, operatorsOf(condition)];
    }),
  );
}

function operatorsOf(condition: Json): Record<string, unknown> {
  if (!hasOperators(condition)) return { $eq: condition };
  const { $options, ...rest } = condition;
  return Object.fromEntries<unknown>(
    Object.entries(rest).map(([name, operand]) => {
      if (name === '$not') return [name, operatorsOf(operand)];
      if (name === '$regex') {
        return [name, LinearRegex.compile(operand as string, { ignoreCase: $options === 'i' })];
      }
      return [name, operand];
    }),
  );
}

/** Whether a field's condition consists of operators; otherwise it is the value to be equal to. */
export function hasOperators(condition: Json): condition is JsonObject {
  return isObject(condition) && Object.keys(condition).some((key) => key.startsWith('$'));
}

/** An operator that asks one question of each value at the end of a path. */
function asking(question: (operand: never) => (value: unknown) => boolean): Operation {
  return (operand: unknown, query: Filter, options: OperationOptions) => {
    // What `filterSchema` lets stand with the operator.
    const holds = question(operand as never);
    const test = (value: unknown) => {
      meter.spend(1);
      // A method that the value inherits is no value of it.
      return holds(typeof value === 'function' ? undefined : value);
    };
    return createEqualsOperation(test, query, options);
  };
}

/** The opposite of another operator. */
function not(name: string): Operation {
  return (operand: unknown, query: Filter, options: OperationOptions) =>
    $not({ [name]: operand }, query, options, '$not');
}

function comparing(holds: <Side extends string | number>(value: Side, operand: Side) => boolean): Operation {
  return asking((operand: string | number) => (value) => {
    if (typeof value === 'number' && typeof operand === 'number') return holds(value, operand);
    return typeof value === 'string' && typeof operand === 'string' && holds(value, operand);
  });
}

const operations: Operations = {
  $and,
  $or,
  $not,
  $eq: asking((operand: Json) => (value) => isEqual(operand, value)),
  $ne: not('$eq'),
  $in: asking((operands: Json[]) => {
    const simple = new Set<unknown>(operands.filter((each) => typeof each !== 'object'));
    const others = operands.filter((each) => typeof each === 'object');
    return (value) => {
      meter.spend(others.length);
      return simple.has(value) || others.some((each) => isEqual(each, value));
    };
  }),
  $nin: not('$in'),
  $gt: comparing((value, operand) => value > operand),
  $gte: comparing((value, operand) => value >= operand),
  $lt: comparing((value, operand) => value < operand),
  $lte: comparing((value, operand) => value <= operand),
  $exists: (operand: boolean, query: Filter, options: OperationOptions) => {
    const operation = $exists(operand, query, options, '$exists');
    const next = operation.next.bind(operation);
    operation.next = (...at: Parameters<typeof next>) => {
      meter.spend(1);
      next(...at);
    };
    return operation;
  },
  $regex: asking((regex: LinearRegex) => (value) => typeof value === 'string' && regex.isIn(value, meter)),
};

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
