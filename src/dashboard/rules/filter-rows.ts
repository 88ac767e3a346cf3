import type { Json, JsonObject } from '../../shared/json';
import { asText, isObject } from './document';

/** One condition of a filter that people build from fields. */
export interface FilterRow {
  field: string;
  operator: Operator;
  /** As people write it: see `valueOf`. */
  value: string;
}

export const OPERATORS = {
  $eq: 'is',
  $ne: 'is not',
  $gt: 'is above',
  $gte: 'is at least',
  $lt: 'is below',
  $lte: 'is at most',
  $in: 'is one of',
  $nin: 'is none of',
  $exists: 'is there',
  $regex: 'matches the pattern',
} as const;
export type Operator = keyof typeof OPERATORS;

/** The rows of a filter; undefined when it has more in it than rows can show, such as `$or`. */
export function rowsOf(filter: Json | undefined): FilterRow[] | undefined {
  if (filter === undefined) return [];
  if (!isObject(filter)) return undefined;
  const rows: FilterRow[] = [];
  for (const [field, condition] of Object.entries(filter)) {
    if (field.startsWith('$')) return undefined;
    const operators: [string, Json][] =
      isObject(condition) && Object.keys(condition).some((key) => key.startsWith('$'))
        ? Object.entries(condition)
        : [['$eq', condition]];
    for (const [operator, operand] of operators) {
      const row = rowOf(field, operator, operand);
      if (row === undefined) return undefined;
      rows.push(row);
    }
  }
  return rows;
}

function rowOf(field: string, operator: string, operand: Json): FilterRow | undefined {
  if (!isOperator(operator)) return undefined;
  if (operator === '$in' || operator === '$nin') {
    if (!Array.isArray(operand) || operand.some((each) => isStructure(each) || asText(each).includes(','))) {
      return undefined;
    }
    return { field, operator, value: operand.map(textOf).join(', ') };
  }
  return isStructure(operand) ? undefined : { field, operator, value: textOf(operand) };
}

/**
 * The filter that rows make; undefined when there is none.
 *
 * @throws never: what the service refuses, it says
 */
export function filterOf(rows: readonly FilterRow[]): JsonObject | undefined {
  const filter: JsonObject = {};
  for (const { field, operator, value } of rows) {
    const before = filter[field];
    filter[field] = { ...(isObject(before) ? before : {}), [operator]: operandOf(operator, value) };
  }
  for (const [field, condition] of Object.entries(filter)) {
    // As people write it.
    if (isObject(condition) && Object.keys(condition).join() === '$eq')
      filter[field] = condition['$eq'] ?? null;
  }
  return rows.length === 0 ? undefined : filter;
}

function operandOf(operator: Operator, value: string): Json {
  if (operator === '$regex') return value;
  if (operator === '$exists') return value !== 'false';
  if (operator !== '$in' && operator !== '$nin') return valueOf(value);
  return value
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map(valueOf);
}

/** A number, true, false, null or a text in quotes is that; all else is the text that it is. */
function valueOf(text: string): Json {
  const trimmed = text.trim();
  if (!/^(-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false|null|".*")$/.test(trimmed)) return text;
  try {
    return JSON.parse(trimmed) as Json;
  } catch {
    return text;
  }
}

/** What `valueOf` reads as this value. */
function textOf(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return valueOf(value) === value ? value : JSON.stringify(value);
}

function isStructure(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}

function isOperator(name: string): name is Operator {
  return Object.hasOwn(OPERATORS, name);
}
