import { compileFilter } from '../../../src/rules/filter';
import { whyNot } from '../../../src/rules/filter-reason';
import { filterSchema } from '../../../src/rules/filter-schema';
import type { Json, JsonObject } from '../../../src/shared/json';
import { problemLines } from './builders';

const holds = (filter: unknown, value: unknown) =>
  compileFilter(filterSchema.parse(filter))(value as JsonObject);
const reason = (filter: unknown, value: unknown) => whyNot(filterSchema.parse(filter), value as JsonObject);
const problems = (filter: unknown) => problemLines(filterSchema, filter);

/** A value as JSON has it: with keys that a literal in a program cannot have. */
const parsed = (text: string) => JSON.parse(text) as unknown;

describe('a filter', () => {
  const invoice = {
    amount: 120,
    status: 'paid',
    customer: { id: 'c1', note: null },
    tags: ['eu', 'vip'],
    lines: [
      { sku: 'x1', count: 2 },
      { sku: 'y2', count: 5 },
    ],
  };

  it.each<[string, unknown]>([
    ['nothing at all', {}],
    ['a bare value', { status: 'paid' }],
    ['a path', { 'customer.id': 'c1' }],
    ['a number above', { amount: { $gt: 119.5 } }],
    ['a range', { amount: { $gte: 120, $lt: 121 } }],
    ['a text below', { status: { $lt: 'q' } }],
    ['one of several', { status: { $in: ['open', 'paid'] } }],
    ['none of several', { status: { $nin: ['open'] } }],
    ['a field that is there, be it null', { 'customer.note': { $exists: true } }],
    ['a field that is not there', { 'customer.name': { $exists: false } }],
    ['null for a missing field', { nothing: null }],
    ['an item of a list', { tags: 'vip' }],
    ['a whole list', { tags: ['eu', 'vip'] }],
    ['a place in a list', { 'tags.1': 'vip' }],
    ['an item’s field', { 'lines.sku': 'y2' }],
    ['a whole object, whatever the order of its keys', { customer: { note: null, id: 'c1' } }],
    ['a regular expression', { status: { $regex: '^pa' } }],
    ['a regular expression that ignores case', { status: { $regex: 'PAID', $options: 'i' } }],
    ['the opposite of operators', { amount: { $not: { $gt: 500 } } }],
    ['the opposite of a filter', { $not: { status: 'open' } }],
    ['all of several', { $and: [{ status: 'paid' }, { amount: 120 }] }],
    ['one of several filters', { $or: [{ status: 'open' }, { amount: 120 }] }],
  ])('holds of %s', (_case, filter) => {
    expect(holds(filter, invoice)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['another type', { amount: '120' }],
    ['a number compared with a text', { amount: { $gt: '1' } }],
    ['a missing field compared', { nothing: { $lt: 5 } }],
    ['a list with one item that is excluded', { tags: { $ne: 'vip' } }],
    ['part of an object', { customer: { id: 'c1' } }],
    ['a regular expression on a number', { amount: { $regex: '1' } }],
    ['one condition of two', { status: 'paid', amount: 1 }],
  ])('does not hold of %s', (_case, filter) => {
    expect(holds(filter, invoice)).toBe(false);
  });

  it('may be asked again, with the same answer', () => {
    const ask = compileFilter(filterSchema.parse({ 'lines.sku': 'y2', tags: { $ne: 'us' } }));
    expect([ask(invoice), ask({}), ask(invoice)]).toEqual([true, false, true]);
  });

  it('is kept exactly as it was written', () => {
    const written = { a: { $gt: 1 }, $or: [{ b: null }, { c: { $regex: 'x', $options: 'i' } }] };
    expect(filterSchema.parse(written)).toEqual(written);
  });
});

describe('a filter that cannot be used is refused, each problem at its path', () => {
  it.each<[string, unknown, string[]]>([
    ['a text', 'a', ['must be an object of fields and what must hold of them']],
    ['a list', [], ['must be an object of fields and what must hold of them']],
    ['$where', { $where: 'true' }, ['["$where"]: is not an operator of filters']],
    ['$where under a field', { a: { $where: 'true' } }, ['a["$where"]: is not an operator of filters']],
    ['$expr', { $expr: {} }, ['["$expr"]: is not an operator of filters']],
    ['$elemMatch', { a: { $elemMatch: { b: 1 } } }, ['a["$elemMatch"]: is not an operator of filters']],
    [
      'several at once',
      { a: { $gt: null }, $or: [{ b: { $in: 1 } }, 5] },
      [
        'a["$gt"]: must be a number or a text',
        '["$or"][0].b["$in"]: must be a list of values',
        '["$or"][1]: must be an object of fields and what must hold of them',
      ],
    ],
    ['an operator under none', { $gt: 5 }, ['["$gt"]: must stand under the field that it is about']],
    ['$or under a field', { a: { $or: [] } }, ['a["$or"]: must stand beside fields, not under one']],
    ['$or of nothing', { $or: [] }, ['["$or"]: must be a list of filters, at least one']],
    ['$not of a value', { a: { $not: 5 } }, ['a["$not"]: must be operators, such as {"$gt": 5}']],
    ['$exists of a text', { a: { $exists: 'no' } }, ['a["$exists"]: must be true or false']],
    ['operators and fields', { a: { $gt: 5, b: 1 } }, ['a.b: must not stand beside operators']],
    [
      'operators below a field below a field',
      { a: { b: { $gt: 5 } } },
      ['a.b["$gt"]: is an operator within a value: write fields below others with dots, such as "a.b"'],
    ],
    ['an empty name', { 'a..b': 1 }, ['["a..b"]: must be names with dots between them']],
    ['a number that is none', { a: NaN }, ['a: must be a JSON value']],
    ['a function', { a: () => true }, ['a: must be a JSON value']],
    ['a regular expression of JavaScript’s', { a: /x/ }, ['a: must be a JSON value']],
    ['a date', { a: { $eq: new Date() } }, ['a["$eq"]: must be a JSON value']],
    ['constructor', { constructor: 1 }, ['constructor: cannot be filtered by']],
    [
      'a path through constructor',
      { 'a.constructor.name': 'x' },
      ['["a.constructor.name"]: cannot be filtered by'],
    ],
    ['prototype', { 'a.prototype': 1 }, ['["a.prototype"]: cannot be filtered by']],
    ['toJSON', { toJSON: 1 }, ['toJSON: cannot be filtered by']],
    ['__proto__', parsed('{"__proto__": {"a": 1}}'), ['__proto__: cannot be filtered by']],
    [
      'a regular expression with a lookahead',
      { a: { $regex: '(?=a)' } },
      ['a["$regex"]: is no regular expression: invalid or unsupported Perl syntax: `(?=`'],
    ],
    [
      'a regular expression of 257',
      { a: { $regex: 'x'.repeat(257) } },
      ['a["$regex"]: must not be longer than 256 characters'],
    ],
    [
      'a regular expression that repeats a lot',
      { a: { $regex: 'a{0,60}b{41}' } },
      ['a["$regex"]: must not repeat more than 100 times, all its {n,m} added up'],
    ],
    [
      'a regular expression that becomes a large program',
      { a: { $regex: '((a|b){10}c?d?e?f?g?){50}' } },
      ['a["$regex"]: is too complex'],
    ],
    ['options alone', { a: { $options: 'i' } }, ['a["$options"]: must stand beside $regex']],
    [
      'other options',
      { a: { $regex: 'x', $options: 'g' } },
      ['a["$options"]: must be "i", which ignores case: there is no other option'],
    ],
    [
      'more than 200 parts',
      { a: { $in: Array.from({ length: 199 }, (_, n) => n) } },
      ['is too large: a filter may have 200 fields, operators and values'],
    ],
  ])('%s', (_case, filter, lines) => {
    expect(problems(filter)).toEqual(lines);
  });

  it('eleven regular expressions', () => {
    const filter = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`f${n}`, { $regex: 'x' }]));
    expect(problems(filter)).toEqual([
      'f10["$regex"]: is one regular expression too many: a filter may have 10',
    ]);
  });

  it.each<[string, (inner: Json) => Json]>([
    ['$not', (inner) => ({ $not: inner })],
    ['$and', (inner) => ({ $and: [inner] })],
  ])('nine levels of %s', (_case, wrap) => {
    const nested = Array.from({ length: 8 }).reduce<Json>(wrap, { a: 1 });
    expect(problems(nested)).toEqual([
      expect.stringMatching(/: is nested too deeply: a filter may have 8 levels$/),
    ]);
  });

  it.each(['$not', 'a'])('thousands of levels of %s', (key) => {
    const text = `{"${key}":`.repeat(50_000) + '1' + '}'.repeat(50_000);
    expect(problems(parsed(text))).toEqual([expect.stringMatching(/is nested too deeply/)]);
  });
});

describe('no value', () => {
  it('lends a filter what it inherits', () => {
    expect(holds({ toString: { $exists: true } }, {})).toBe(false);
  });

  it('hides a field behind what it inherits', () => {
    expect(holds({ toString: null, 'a.trim': { $ne: 1 } }, { a: 'text' })).toBe(true);
  });

  it('has the members of a method', () => {
    expect(holds({ 'a.trim.caller': { $exists: false } }, { a: 'text' })).toBe(true);
  });

  it('leads a filter from a list into what lists inherit', () => {
    expect(holds({ 'a.toString.b': null }, { a: [] })).toBe(false);
  });

  it('is in a place that a list does not have', () => {
    expect(holds({ 'a.0': null }, { a: [] })).toBe(true);
  });

  it('that overrides methods of objects confuses a filter', () => {
    const value = parsed(
      '{"a":{"hasOwnProperty":1,"toString":2,"valueOf":3,"constructor":4,"__proto__":{"b":5}}}',
    );
    expect(holds({ 'a.hasOwnProperty': 1, 'a.b': null }, value)).toBe(true);
  });

  it.each([
    ['a pattern that backtracks without end elsewhere', '^(a+)+$', 'a'.repeat(60_000) + '!'],
    ['many ways to read the same', '(a|aa|a?)*b', 'a'.repeat(60_000)],
    ['classes of all letters', '(?i)\\pL{100}1', 'a'.repeat(60_000)],
  ])('makes a regular expression stall: %s', (_case, $regex, text) => {
    expect(holds({ a: { $regex } }, { a: text })).toBe(false);
  });

  it('of more than 64 K characters is searched', () => {
    expect(holds({ a: { $regex: 'a' } }, { a: 'a'.repeat(65_537) })).toBe(false);
  });

  it('makes a filter stall by its lists', () => {
    const fields = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`l.f${n}`, { $ne: n }]));
    expect(holds(fields, { l: Array.from({ length: 100_000 }, () => ({})) })).toBe(false);
  });

  it('makes a filter stall by lists in lists', () => {
    const value = parsed(
      `{"a":${'[1,'.repeat(50)}${JSON.stringify(Array(50_000).fill(1))}${']'.repeat(50)}}`,
    );
    expect(holds({ a: { $in: Array.from({ length: 90 }, (_, n) => [n]) } }, value)).toBe(false);
  });

  it('ends the stack by lists in lists', () => {
    const value = parsed(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    expect(holds({ a: { $ne: 1 } }, value)).toBe(false);
  });
});

describe('the reason', () => {
  const value = { amount: 3, status: 'paid', tags: ['a'], customer: {}, long: 'x'.repeat(500) };

  it.each<[unknown, string]>([
    [{ status: 'paid', amount: 5 }, 'amount is 3, which is not 5'],
    [{ status: { $ne: 'paid' } }, 'status is "paid", which $ne excludes'],
    [{ amount: { $gt: 1, $gte: 4 } }, 'amount is 3, which is not 4 or above'],
    [{ amount: { $in: [1, 2] } }, 'amount is 3, which is none of [1,2]'],
    [{ 'customer.id': 'c1' }, 'customer.id is missing, which is not "c1"'],
    [{ 'customer.id': { $exists: true } }, 'customer.id is missing, but must be there'],
    [{ amount: { $exists: false } }, 'amount is 3, but must not be there'],
    [{ tags: 'b' }, 'tags is a list of 1, which is not "b"'],
    [{ status: { $regex: '^o', $options: 'i' } }, 'status is "paid", in which "^o" is not found'],
    [{ $and: [{ amount: 3 }, { status: 'open' }] }, 'status is "paid", which is not "open"'],
    [
      { $or: [{ amount: 4 }, { status: 'open' }] },
      'nothing under $or holds: amount is 3, which is not 4; status is "paid", which is not "open"',
    ],
    [{ $not: { amount: 3 } }, 'what $not excludes holds'],
    [{ amount: { $not: { $lt: 5 } } }, 'amount is 3, which $not excludes'],
    [{ long: 'y' }, `long is "${'x'.repeat(76)}…, which is not "y"`],
  ])('of %j names the first condition that failed', (filter, expected) => {
    expect(reason(filter, value)).toBe(expected);
  });

  it('says when it would take too long to tell', () => {
    expect(reason({ a: { $regex: '\\pL{100}' } }, { a: 'a'.repeat(60_000) })).toBe(
      'it takes too long to look through the value',
    );
  });

  it('is none when the filter holds', () => {
    expect(reason({ amount: 3 }, value)).toBeUndefined();
  });
});
