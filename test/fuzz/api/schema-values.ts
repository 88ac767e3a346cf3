import fc from 'fast-check';
import { anyJson, anyText } from '../mutations';

/** A JSON Schema, as far as the service's document uses it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  default?: unknown;
}

/** Deeper, a schema that has itself in it becomes any value. */
const MAX_DEPTH = 6;

const FORMATS: Record<string, fc.Arbitrary<string>> = {
  'date-time': fc.constantFrom(
    '2026-11-24T10:00:00Z',
    '2026-11-24T10:00:00.123+05:30',
    '0001-01-01T00:00:00Z',
  ),
  email: fc.constantFrom('ada@example.com', 'a@b.c'),
  uri: fc.constantFrom('http://127.0.0.1:9/a', 'http://127.0.0.1:9/'),
  uuid: fc.uuid(),
};

/** Values that a schema of the document has, nearly always. */
export class SchemaValues {
  constructor(private readonly components: Record<string, Schema>) {}

  of(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
    if (depth > MAX_DEPTH) return anyJson;
    if (schema.$ref !== undefined) {
      const named = this.components[schema.$ref.split('/').at(-1) ?? ''] ?? {};
      return this.of(named, depth + 1);
    }
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices !== undefined) return fc.oneof(...choices.map((each) => this.of(each, depth + 1)));
    if (schema.allOf !== undefined) {
      return fc
        .tuple(...schema.allOf.map((each) => this.of(each, depth + 1)))
        .map((parts) => Object.assign({}, ...parts) as unknown);
    }
    const types = Array.isArray(schema.type) ? schema.type : [schema.type];
    return fc.oneof(...types.map((type) => this.ofType(type, schema, depth)));
  }

  private ofType(type: string | undefined, schema: Schema, depth: number): fc.Arbitrary<unknown> {
    const { minimum = schema.exclusiveMinimum ?? -5, maximum = minimum + 1_000 } = schema;
    switch (type) {
      case 'object':
        return this.ofObject(schema, depth);
      case 'array':
        return fc.array(this.of(schema.items ?? {}, depth + 1), {
          minLength: Math.min(schema.minItems ?? 0, 3),
          maxLength: Math.min(schema.maxItems ?? 3, 3),
        });
      case 'string':
        return stringOf(schema);
      case 'integer':
        return fc.integer({ min: Math.ceil(minimum), max: Math.min(2 ** 31 - 1, Math.floor(maximum)) });
      case 'number':
        return fc.double({ min: minimum, max: maximum, noNaN: true });
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case undefined:
      default:
        return anyJson;
    }
  }

  private ofObject(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    const fields = Object.entries(schema.properties ?? {}).map(([name, each]) => [
      name,
      this.of(each, depth + 1),
    ]);
    const known = fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, {
      requiredKeys: schema.required ?? [],
    });
    const { additionalProperties } = schema;
    if (typeof additionalProperties !== 'object') return known;
    const keys =
      schema.propertyNames === undefined
        ? anyText
        : this.of(schema.propertyNames, depth + 1).map((key) => JSON.stringify(key));
    return fc
      .tuple(known, fc.dictionary(keys, this.of(additionalProperties, depth + 1), { maxKeys: 3 }))
      .map(([one, other]) => ({ ...other, ...one }));
  }
}

function stringOf({ pattern, format, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  const known = FORMATS[format ?? ''];
  if (known !== undefined) return known;
  const texts = [fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) })];
  const names = fc.constantFrom(
    'a',
    'watch',
    'ada',
    'vendors',
    'invoice.paid',
    '1h',
    'UTC',
    'http://127.0.0.1:9/a',
  );
  try {
    if (pattern !== undefined) texts.push(fc.stringMatching(new RegExp(pattern)));
  } catch {
    // What fast-check cannot make of a pattern is left to the other texts.
  }
  return fc.oneof(...texts, names);
}
