import fc from 'fast-check';
import { compileFilter } from '../../../src/rules/filter';
import { whyNot } from '../../../src/rules/filter-reason';
import { filterSchema } from '../../../src/rules/filter-schema';
import type { JsonObject } from '../../../src/shared/json';
import { referenceHolds } from './reference-filter';

const name = fc.constantFrom('a', 'b', 'c', '0', 'toString', 'length');
const simple = fc.oneof(
  fc.constantFrom(0, 1, 2, -1, 0.5),
  fc.constantFrom('', 'a', 'b', 'ab', '1'),
  fc.boolean(),
  fc.constant(null),
);
const { json, object } = fc.letrec<{ json: unknown; object: object }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    simple,
    fc.array(tie('json'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(name, tie('json'), { maxKeys: 3 }),
}));

const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('.'));
const bound = fc.constantFrom<unknown>(0, 1, 'a', 'b');
const operators = fc.letrec<{ operators: object }>((tie) => ({
  operators: fc
    .record(
      {
        $eq: json,
        $ne: json,
        $gt: bound,
        $gte: bound,
        $lt: bound,
        $lte: bound,
        $in: fc.array(json, { maxLength: 3 }),
        $nin: fc.array(json, { maxLength: 3 }),
        $exists: fc.boolean(),
        $regex: fc.constantFrom('a', '^b', 'a|1', '[ab]+$'),
        $not: tie('operators'),
      },
      { requiredKeys: [] },
    )
    .map((all) => Object.fromEntries(Object.entries(all).slice(0, 2)))
    .filter((some) => Object.keys(some).length > 0),
})).operators;
const { filter } = fc.letrec<{ filter: object; fields: object }>((tie) => ({
  fields: fc.dictionary(path, fc.oneof(json, operators), { maxKeys: 3 }),
  filter: fc.oneof(
    { maxDepth: 2 },
    tie('fields'),
    fc
      .record(
        {
          $and: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }),
          $or: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }),
          $not: tie('filter'),
        },
        { requiredKeys: [] },
      )
      .chain((joined) => tie('fields').map((fields) => ({ ...fields, ...joined }))),
  ),
}));

const valid = filter.filter((each) => filterSchema.safeParse(each).success);

describe('whatever the filter and the value', () => {
  it('a filter holds exactly when a plain reading of it does', () => {
    fc.assert(
      fc.property(valid, object, (each, value) => {
        expect(compileFilter(filterSchema.parse(each))(value as JsonObject)).toBe(
          referenceHolds(each, value),
        );
      }),
      { numRuns: 3_000 },
    );
  });

  it('there is a reason exactly when it does not hold', () => {
    fc.assert(
      fc.property(valid, object, (each, value) => {
        const parsed = filterSchema.parse(each);
        expect(whyNot(parsed, value as JsonObject) === undefined).toBe(
          compileFilter(parsed)(value as JsonObject),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('anything at all is either a valid filter or refused, without throwing', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(typeof filterSchema.safeParse(value).success).toBe('boolean');
      }),
    );
  });
});
