import { isObject } from '../../../src/rules/json-value';

/** A second, plain reading of what filters mean: slow, and without limits. */
export function referenceHolds(filter: object, value: unknown): boolean {
  return Object.entries(filter).every(([key, condition]: [string, unknown]) => {
    if (key === '$and') return (condition as object[]).every((each) => referenceHolds(each, value));
    if (key === '$or') return (condition as object[]).some((each) => referenceHolds(each, value));
    if (key === '$not') return !referenceHolds(condition as object, value);
    return conditionHolds(condition, found(value, key.split('.')));
  });
}

interface Found {
  /** Missing ones as null, as filters have it. */
  values: unknown[];
  exists: boolean;
}

/** All that a path leads to. */
function found(value: unknown, [name, ...further]: string[]): Found {
  if (name === undefined) {
    const items = Array.isArray(value) ? value.flatMap((item) => found(item, []).values) : [];
    return { values: [...items, value], exists: true };
  }
  const own = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  if (own || typeof value === 'string') {
    const next = Object.hasOwn(Object(value) as object, name)
      ? (value as Record<string, unknown>)[name]
      : undefined;
    if (next !== undefined) return found(next, further);
  }
  if (!Array.isArray(value) || !Number.isNaN(Number(name))) return { values: [null], exists: false };
  const below = value.map((item) => found(item, [name, ...further]));
  return {
    values: below.flatMap(({ values }) => values),
    exists: below.some(({ exists }) => exists),
  };
}

function conditionHolds(condition: unknown, at: Found): boolean {
  if (!isObject(condition) || !Object.keys(condition).some((key) => key.startsWith('$'))) {
    return at.values.some((value) => same(value, condition));
  }
  return Object.entries(condition).every(([operator, operand]) => {
    const some = (holds: (value: unknown) => boolean) => at.values.some(holds);
    switch (operator) {
      case '$eq':
        return some((value) => same(value, operand));
      case '$ne':
        return !some((value) => same(value, operand));
      case '$in':
        return some((value) => (operand as unknown[]).some((each) => same(value, each)));
      case '$nin':
        return !some((value) => (operand as unknown[]).some((each) => same(value, each)));
      case '$gt':
        return some((value) => typeof value === typeof operand && (value as number) > (operand as number));
      case '$gte':
        return some((value) => typeof value === typeof operand && (value as number) >= (operand as number));
      case '$lt':
        return some((value) => typeof value === typeof operand && (value as number) < (operand as number));
      case '$lte':
        return some((value) => typeof value === typeof operand && (value as number) <= (operand as number));
      case '$exists':
        return at.exists === operand;
      case '$regex': {
        const regex = new RegExp(operand as string, condition['$options'] === 'i' ? 'i' : '');
        return some((value) => typeof value === 'string' && regex.test(value));
      }
      case '$options':
        return true;
      case '$not':
        return !conditionHolds(operand, at);
      default:
        throw new Error(`no operator ${operator}`);
    }
  });
}

function same(a: unknown, b: unknown): boolean {
  const sorted = (value: unknown) =>
    JSON.stringify(value, (_key, each: unknown) =>
      isObject(each) ? Object.fromEntries(Object.entries(each).sort(([x], [y]) => (x < y ? -1 : 1))) : each,
    );
  return sorted(a) === sorted(b);
}
