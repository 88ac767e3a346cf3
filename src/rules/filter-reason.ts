import { listed } from './evaluation';
import { deciderOf, hasOperators } from './filter';
import { isObject } from './json-value';
import type { Filter } from './filter-schema';
import { clipped } from '../shared/display';
import type { Json, JsonObject } from '../shared/json';

/** A value in a reason. Bytes. */
const MAX_SHOWN = 80;

/** The first condition of a filter that does not hold of a value, as a sentence; undefined when all hold. For people: it takes its time. */
export function whyNot(filter: Filter, value: JsonObject): string | undefined {
  for (const [key, condition] of Object.entries(filter)) {
    const reason = reasonOf(key, condition, value);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function reasonOf(key: string, condition: Json, value: JsonObject): string | undefined {
  if (key === '$and') return firstOf((condition as Filter[]).map((each) => () => whyNot(each, value)));
  if (key === '$not' || key === '$or') {
    const verdict = deciderOf({ [key]: condition })(value);
    if (verdict === true) return undefined;
    if (verdict !== false) return verdict.undecided;
    if (key === '$not') return 'what $not excludes holds';
    const reasons = (condition as Filter[]).map((each) => whyNot(each, value) ?? '');
    return `nothing under $or holds: ${listed(reasons, '; ')}`;
  }
  return firstOf(
    operatorsOf(condition).map(([phrase, operators]) => () => {
      const verdict = deciderOf({ [key]: operators })(value);
      if (verdict === true) return undefined;
      return verdict === false ? `${key} ${found(key, value)}, ${phrase}` : verdict.undecided;
    }),
  );
}

function firstOf(reasons: (() => string | undefined)[]): string | undefined {
  for (const reason of reasons) {
    const found = reason();
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Each operator of a condition by itself, with what is to be said when it does not hold. */
function operatorsOf(condition: Json): [string, Json][] {
  if (!hasOperators(condition)) return [[`which is not ${shown(condition)}`, condition]];
  const { $options, ...rest } = condition;
  return Object.entries(rest).map(([name, operand]) => [
    phraseOf(name, operand),
    { [name]: operand, ...(name === '$regex' && $options !== undefined && { $options }) },
  ]);
}

function phraseOf(operator: string, operand: Json): string {
  switch (operator) {
    case '$eq':
      return `which is not ${shown(operand)}`;
    case '$gt':
      return `which is not above ${shown(operand)}`;
    case '$gte':
      return `which is not ${shown(operand)} or above`;
    case '$lt':
      return `which is not below ${shown(operand)}`;
    case '$lte':
      return `which is not ${shown(operand)} or below`;
    case '$in':
      return `which is none of ${shown(operand)}`;
    case '$regex':
      return `in which ${shown(operand)} is not found`;
    case '$exists':
      return operand === true ? 'but must be there' : 'but must not be there';
    default:
      return `which ${operator} excludes`;
  }
}

/** What a path leads to, as far as it does not go through lists. */
function found(path: string, value: JsonObject): string {
  let at: Json = value;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) {
      return Array.isArray(at) ? 'leads into a list' : 'is missing';
    }
    at = (at as JsonObject)[name] ?? null;
  }
  if (Array.isArray(at)) return `is a list of ${at.length}`;
  return isObject(at) ? 'is an object' : `is ${shown(at)}`;
}

function shown(value: Json): string {
  return clipped(JSON.stringify(value), MAX_SHOWN);
}
