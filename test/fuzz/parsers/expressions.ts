import fc from 'fast-check';
import { compileEventSchema } from '../../../src/rules/event-data-check';
import { EventSchemaError } from '../../../src/rules/event-schema';
import { deciderOf } from '../../../src/rules/filter';
import { whyNot } from '../../../src/rules/filter-reason';
import { filterSchema } from '../../../src/rules/filter-schema';
import { countRuns, nextRuns, scheduleSchema } from '../../../src/rules/schedule';
import { renderBody } from '../../../src/rules/template';
import { bodyTemplateSchema } from '../../../src/rules/template-schema';
import type { JsonObject } from '../../../src/shared/json';
import { MAX_RENDERED_BYTES } from '../../../src/shared/limits';
import { fuzz, quickly, type Fuzz } from '../fuzz';
import { anyJson, anyText, changedJson, edited, piece } from '../mutations';

/** Of the processor, for one answer. Milliseconds. Templates may take MAX_RENDER_MS until they are stopped, and a part more. */
const LIMIT_MS = 1_000;
const TEMPLATE_LIMIT_MS = 3_000;

const filters: unknown[] = [
  { a: 1, 'b.c': { $gt: 5, $lt: 10 }, d: { $in: ['x', 'y'] }, e: { $regex: '^a.*b$', $options: 'i' } },
  { $or: [{ a: { $exists: true } }, { $and: [{ b: { $ne: null } }, { $not: { c: { $nin: [1] } } }] }] },
  { a: { $not: { $gte: 'a', $regex: '(a|aa)+$' } } },
  { a: { $regex: '([a-z]{1,9}){1,9}(x+x+)+y' } },
];
const FILTER_NAMES = ['a', 'b.c', 'd', '$or', '$and', '$not', '$in', '$regex', '$options', '$exists', '$gt'];

/** What filters and templates look into; also what costs the most to look through. */
const values = fc
  .oneof(
    changedJson(
      fc.constantFrom(
        { a: 1, b: { c: 7 }, d: 'x', e: 'aXXb' },
        { a: [{ b: [{ c: 1 }] }] },
        { a: 'a'.repeat(50_000) },
      ),
      ['a', 'b', 'c', 'd', 'length', '0'],
    ),
    anyJson,
  )
  .filter(
    (value): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value),
  );

const OUTPUTS = [
  '{{ trigger.type | replace: "_", " " | upcase }}',
  'Grade {{ trigger.current.grade | default: "none" }} at {{ created_at | date: "%Y-%m-%d" }}',
  '{{ trigger.issues }}',
  '{{ webhooks[0].response.body.id | plus: 1 | times: 9999999 | append: "x" }}',
  '{{ trigger.list | where: "a", 1 | map: "a" | join: "," | split: "," | sort | uniq | reverse }}',
  '{{ trigger.type | append: trigger.type | append: trigger.type | base64_encode | url_encode | json }}',
  '{{ trigger.list | concat: trigger.list | concat: trigger.list | sum }}',
  '{{ "x" | truncate: 5, "…" | slice: -3, 2 | escape | strip }}',
];
const templateText = fc.oneof(
  edited(...OUTPUTS),
  fc.array(fc.oneof(piece, fc.constantFrom(...OUTPUTS)), { maxLength: 8 }).map((parts) => parts.join('')),
);
const context: fc.Arbitrary<JsonObject> = fc.record({
  trigger: fc.oneof(
    values,
    fc.constant<JsonObject>({
      type: 'score_drop_threshold',
      list: Array.from({ length: 5_000 }, (_, a) => ({ a, b: 'x'.repeat(20) })),
      issues: { no_csp: { count: 5 } },
    }),
  ),
  webhooks: fc.constant<JsonObject[]>([{ response: { body: { id: 42 } } }]),
  created_at: fc.constant('2026-11-24T10:00:00.000Z'),
});

const schemas: unknown[] = [
  {
    type: 'object',
    required: ['amount'],
    properties: {
      amount: { type: 'number', minimum: 0, multipleOf: 0.01 },
      country: { enum: ['DE', 'FR'] },
      lines: { type: 'array', uniqueItems: true, items: { $ref: '#/$defs/line' }, minItems: 1 },
      mail: { type: 'string', format: 'email', pattern: '^(a+)+$' },
    },
    additionalProperties: false,
    $defs: { line: { type: 'object', properties: { sku: { type: 'string', maxLength: 9 } } } },
  },
  { anyOf: [{ $ref: '#' }, { type: 'object', patternProperties: { '^x': { const: 1 } } }] },
  { if: { required: ['a'] }, then: { minProperties: 2 }, else: { propertyNames: { pattern: '^[a-z]*$' } } },
];
const SCHEMA_NAMES = [
  ...['$ref', '$id', '$defs', 'properties', 'pattern', 'format', 'items', 'prefixItems', 'contains', 'not'],
  ...[
    'dependentSchemas',
    'unevaluatedProperties',
    '$async',
    '$dynamicRef',
    'type',
    'enum',
    'const',
    '$anchor',
  ],
];

const crons = ['0 9 * * 1', '*/15 0-5,8 1,15 * MON-FRI', '0 0 31 2 *', '59 23 29 2 *', '0 0 L * *', '@daily'];

function isRefused(error: unknown): boolean {
  return error instanceof EventSchemaError && error.flaws.length > 0;
}

export const expressionFuzzes: Fuzz[] = [
  fuzz(
    'filter',
    fc.tuple(fc.oneof(changedJson(fc.constantFrom(...filters), FILTER_NAMES), anyJson), values),
    ([filter, value]) => {
      const read = quickly(LIMIT_MS, () => filterSchema.safeParse(filter));
      if (!read.success) return;
      const decide = quickly(LIMIT_MS, () => deciderOf(read.data));
      const verdict = quickly(LIMIT_MS, () => decide(value));
      const reason = quickly(LIMIT_MS, () => whyNot(read.data, value));
      if (verdict === false && reason === '') throw new Error('does not hold, for no reason');
    },
  ),
  fuzz('template', fc.tuple(changedJson(templateText, ['a']), context), ([template, known]) => {
    const read = quickly(LIMIT_MS, () => bodyTemplateSchema.safeParse(template));
    if (!read.success) return;
    const made = quickly(TEMPLATE_LIMIT_MS, () => renderBody(read.data, known));
    if (!made.ok) return;
    JSON.parse(made.body);
    if (Buffer.byteLength(made.body) > MAX_RENDERED_BYTES) throw new Error('longer than it may be');
  }),
  fuzz(
    'event-schema',
    fc.tuple(changedJson(fc.constantFrom(...schemas), SCHEMA_NAMES), values),
    ([schema, data]) => {
      if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return;
      try {
        const check = quickly(TEMPLATE_LIMIT_MS, () => compileEventSchema(schema as JsonObject));
        const problems = quickly(LIMIT_MS, () => check.check(data));
        if (problems.some(({ path }) => !path.startsWith('data')))
          throw new Error('a problem without its path');
      } catch (error) {
        if (!isRefused(error)) throw error;
      }
    },
  ),
  fuzz(
    'schedule',
    fc.record({
      cron: fc.oneof(edited(...crons), anyText, fc.constantFrom(...crons)),
      timezone: fc.oneof(
        fc.constantFrom('UTC', 'Europe/Paris', 'Asia/Kathmandu'),
        edited('America/Sao_Paulo'),
      ),
    }),
    (written) => {
      const read = quickly(LIMIT_MS, () => scheduleSchema.safeParse(written));
      if (!read.success) return;
      const from = new Date('2026-11-24T10:00:00Z');
      const next = quickly(LIMIT_MS, () => nextRuns(read.data, 5, from));
      if (next.some((at) => at <= from)) throw new Error('due in the past');
      quickly(LIMIT_MS, () => countRuns(read.data, from, new Date('2026-12-24T10:00:00Z'), 100));
    },
  ),
];
