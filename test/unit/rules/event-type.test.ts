import { z } from 'zod';
import { compileEventSchema } from '../../../src/rules/event-data-check';
import { eventTypeSchema } from '../../../src/rules/event-type';
import { problemLine } from '../../../src/rules/problems';
import type { Json, JsonObject } from '../../../src/shared/json';
import { problemLines } from './builders';

const check = (schema: JsonObject, data: JsonObject) =>
  compileEventSchema(schema).check(data).map(problemLine);
const typeProblems = (schema: unknown) => problemLines(eventTypeSchema, { name: 'invoice.paid', schema });

const INVOICE = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['amount'],
  additionalProperties: false,
  properties: {
    amount: { type: 'number', exclusiveMinimum: 0 },
    status: { enum: ['paid', 'open'] },
    kind: { const: 'invoice' },
    due: { type: 'string', format: 'date' },
    code: { type: 'string', pattern: '^[A-Z]{2}-\\d+$' },
    tags: { type: 'array', uniqueItems: true },
    lines: { type: 'array', items: { $ref: '#/$defs/line' } },
    'odd/name~': { type: 'object', properties: { '0': { type: 'null' } } },
  },
  $defs: { line: { type: 'object', required: ['sku'], properties: { sku: { type: 'string' } } } },
};

describe('an event’s data that is as its type’s schema has it', () => {
  it('has no problems', () => {
    const data = {
      amount: 5,
      status: 'paid',
      kind: 'invoice',
      due: '2026-02-28',
      code: 'AT-7',
      tags: [1, '1', { a: 1 }, { a: 2 }],
      lines: [{ sku: 'x' }],
    };
    expect(check(INVOICE, data)).toEqual([]);
  });

  it('is left as it is', () => {
    const data = { amount: 5 };
    compileEventSchema({ properties: { more: { default: 7 } } }).check(data);
    expect(data).toEqual({ amount: 5 });
  });
});

describe('what is wrong with an event’s data is told at its path', () => {
  it.each<[JsonObject, string[]]>([
    [{}, ['data.amount: is missing']],
    [{ amount: 0 }, ['data.amount: must be > 0']],
    [{ amount: '5' }, ['data.amount: must be number']],
    [{ amount: 5, x: 1, 'y z': 2 }, ['data.x: is not a known key', 'data["y z"]: is not a known key']],
    [{ amount: 5, status: 'gone' }, ['data.status: must be one of ["paid","open"]']],
    [{ amount: 5, kind: 'x' }, ['data.kind: must be "invoice"']],
    [{ amount: 5, due: '2026-02-30' }, ['data.due: must match format "date"']],
    [{ amount: 5, code: 'at-7' }, ['data.code: must match pattern "^[A-Z]{2}-\\d+$"']],
    [
      {
        amount: 5,
        tags: [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
      },
      ['data.tags: must not have the same item twice'],
    ],
    [{ amount: 5, lines: [{ sku: 'x' }, {}] }, ['data.lines[1].sku: is missing']],
    [{ amount: 5, 'odd/name~': { '0': 1 } }, ['data["odd/name~"].0: must be null']],
  ])('of %j', (data, problems) => {
    expect(check(INVOICE, data)).toEqual(problems);
  });

  it('tells patterns apart', () => {
    const schema = { properties: { a: { pattern: '^a' }, b: { pattern: '^b' } } };
    expect(check(schema, { a: 'a', b: 'b' })).toEqual([]);
  });

  it('at most 20 times', () => {
    const data = { amount: 5, lines: Array.from({ length: 30 }, () => ({})) };
    expect(check(INVOICE, data)).toHaveLength(20);
  });
});

describe('an event type', () => {
  it('may be without a schema', () => {
    expect(eventTypeSchema.parse({ name: 'ping' })).toEqual({
      name: 'ping',
      description: null,
      schema: null,
    });
  });

  it('keeps its schema as it was written', () => {
    expect(eventTypeSchema.parse({ name: 'a', description: ' x ', schema: INVOICE })).toEqual({
      name: 'a',
      description: 'x',
      schema: INVOICE,
    });
  });

  it('can be told in JSON Schema, for the API’s document', () => {
    expect(z.toJSONSchema(eventTypeSchema, { io: 'input' })).toMatchObject({ required: ['name'] });
  });

  it.each(['Invoice', 'a.*', 'scorecard.changed', ''])('is not named %j', (name) => {
    expect(problemLines(eventTypeSchema, { name })).toEqual([expect.stringMatching(/^name: /)]);
  });

  it.each<[string, unknown, unknown[]]>([
    ['a text', 'x', ['schema: must be an object']],
    [
      'a type that there is not',
      { type: 'money' },
      expect.arrayContaining([expect.stringMatching(/^schema\.type: /)]),
    ],
    ['a misspelt keyword', { requried: [] }, ['schema: unknown keyword: "requried"']],
    [
      'a format that is not known',
      { properties: { a: { format: 'card-number' } } },
      ['schema: unknown format "card-number" ignored in schema at path "#/properties/a"'],
    ],
    [
      'another dialect',
      { $schema: 'http://json-schema.org/draft-07/schema#' },
      [
        'schema["$schema"]: must be https://json-schema.org/draft/2020-12/schema, which is the one that is understood',
      ],
    ],
    [
      'a reference to elsewhere',
      { properties: { a: { $ref: 'https://example.com/a.json' } } },
      ['schema.properties.a["$ref"]: must refer to a part of this schema, such as "#/$defs/address"'],
    ],
    [
      'a reference to a file',
      { allOf: [{ $ref: 'file:///etc/passwd' }] },
      ['schema.allOf[0]["$ref"]: must refer to a part of this schema, such as "#/$defs/address"'],
    ],
    [
      'a reference to nothing',
      { $ref: '#/$defs/none' },
      [expect.stringMatching(/^schema: can't resolve reference #\/\$defs\/none/)],
    ],
    ['$async', { $async: true }, ['schema["$async"]: is not a keyword of JSON Schema']],
    ['$id', { $id: 'https://example.com/x' }, ['schema["$id"]: is not supported: a schema stands by itself']],
    ['$dynamicRef', { $dynamicRef: '#x' }, ['schema["$dynamicRef"]: is not supported: use $ref']],
    [
      'a pattern that RE2 has not',
      { properties: { a: { pattern: '(?=x)' } } },
      [expect.stringMatching(/^schema: the pattern \(\?=x\) is no regular expression/)],
    ],
    [
      'a pattern that repeats a lot',
      { patternProperties: { 'x{101}': {} } },
      ['schema: the pattern x{101} must not repeat more than 100 times, all its {n,m} added up'],
    ],
    [
      'more than a thousand schemas',
      { prefixItems: Array.from({ length: 1_000 }, () => ({})) },
      ['schema: must not have more than 1000 schemas in it'],
    ],
    [
      'more than fifty patterns',
      { patternProperties: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`x${n}`, {}])) },
      ['schema: must not have more than 50 patterns in it'],
    ],
    ['more than 64 KB', { description: 'x'.repeat(65_536) }, ['schema: must not be larger than 65536 bytes']],
  ])('has no schema with %s', (_case, schema, problems) => {
    expect(typeProblems(schema)).toEqual(problems);
  });

  it('runs nothing that its schema says', () => {
    const schema = JSON.parse(
      '{"properties":{"a\\"];globalThis.ran=1;[\\"":{"const":"\'+(globalThis.ran=1)+\'"},"__proto__":{"type":"null"}},"required":["`${globalThis.ran=1}`"]}',
    ) as JsonObject;
    check(schema, {});
    expect(globalThis).not.toHaveProperty('ran');
  });

  it('checks a list as a list, even where keys are data', () => {
    const schema = { enum: [{ $ref: 'x', 'x-work': 1 }], properties: { $ref: { const: 1 } } };
    expect(check(schema, { $ref: 1 })).toEqual(['data: must be one of [{"$ref":"x","x-work":1}]']);
  });
});

describe('no schema and no data', () => {
  const TOO_LONG = ['data: takes too long to check against its schema'];

  it('stall a check by references that multiply', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, n): [string, Json] => [
        `d${n}`,
        { anyOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
      ]),
    );
    const schema = { $ref: '#/$defs/d0', $defs: { ...$defs, d40: false } };
    expect(check(schema, {})).toEqual(TOO_LONG);
  });

  it('stall a check by references that multiply with the depth of data', () => {
    const schema = {
      additionalProperties: { anyOf: [{ $ref: '#' }, { $ref: '#' }] },
      maxProperties: 1,
      required: ['a'],
    };
    const data = JSON.parse('{"a":'.repeat(50) + '{}' + '}'.repeat(50)) as JsonObject;
    expect(check(schema, data)).toEqual(TOO_LONG);
  });

  it('end the stack by a reference to itself', () => {
    expect(check({ $ref: '#' }, {})).toEqual(['data: cannot be checked: its schema goes round in circles']);
  });

  it('stall a check by patterns', () => {
    const schema = { properties: { a: { items: { pattern: '^(a+)+$' } } } };
    expect(check(schema, { a: Array.from({ length: 50 }, () => `${'a'.repeat(5_000)}!`) })).toEqual(TOO_LONG);
  });

  it('stall a check by formats', () => {
    const schema = { properties: { a: { format: 'email' } } };
    expect(check(schema, { a: `${'a.'.repeat(100_000)}@` })).toEqual(['data.a: must match format "email"']);
  });

  it('stall a check by items that are compared', () => {
    const schema = { properties: { a: { uniqueItems: true } } };
    const a = Array.from({ length: 40_000 }, (_, n) => ({ n }));
    expect(check(schema, { a })).toEqual([]);
  });

  it('stall a check by many conditions on many items', () => {
    const schema = {
      properties: {
        a: { items: { allOf: Array.from({ length: 450 }, (_, n) => ({ not: { const: n } })) } },
      },
    };
    expect(check(schema, { a: Array.from({ length: 100_000 }, () => -1) })).toEqual(TOO_LONG);
  });

  it('make more problems than there is room for', () => {
    const schema = {
      properties: { a: { items: { allOf: Array.from({ length: 900 }, () => ({ type: 'null' })) } } },
    };
    expect(check(schema, { a: Array.from({ length: 100_000 }, () => 1) })).toEqual(TOO_LONG);
  });
});
