import Ajv2020 from 'ajv/dist/2020';
import { keysOfPointer } from './json-pointer';
import { isObject } from './json-value';
import { utf8Length } from '../shared/display';
import type { Json, JsonObject } from '../shared/json';
import { MAX_EVENT_SCHEMA_BYTES } from '../shared/limits';

type Keys = (string | number)[];

/** What is wrong with a schema, and where in it. */
export interface SchemaFlaw {
  keys: Keys;
  message: string;
}

/** A JSON Schema that cannot be used for events. */
export class EventSchemaError extends Error {
  override readonly name = 'EventSchemaError';

  constructor(readonly flaws: readonly SchemaFlaw[]) {
    super(flaws.map(({ keys, message }) => [...keys, message].join(': ')).join('; '));
  }
}

/** The keyword that each subschema gets from here: what looking at one value with it costs. */
export const WORK_KEYWORD = 'x-work';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** Keywords whose value is a schema, a list of schemas, schemas by name. */
const ONE = new Set([
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
const MANY = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const NAMED = new Set(['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties']);

const REFUSED: ReadonlyMap<string, string> = new Map([
  ['$async', 'is not a keyword of JSON Schema'],
  ['$dynamicRef', 'is not supported: use $ref'],
  ['$id', 'is not supported: a schema stands by itself'],
  ['$recursiveRef', 'is not supported: use $ref'],
  ['dependencies', 'is not a keyword of JSON Schema 2020-12: use dependentSchemas or dependentRequired'],
]);

/** Schemas within a schema: a thousand take up to half a second to compile. */
const MAX_SUBSCHEMAS = 1_000;

/** Patterns in a schema: each takes some milliseconds to compile at worst. */
const MAX_PATTERNS = 50;

const metaSchema = new Ajv2020({ allErrors: true, strict: false, validateFormats: false, logger: false });

/**
 * Looks through a schema before it is compiled. What could fetch, run or redefine anything is refused: references out
 * of it, `$async`, `$id`.
 *
 * @returns a copy in which each subschema says what it costs (WORK_KEYWORD), so that a check can be ended in time
 * @throws EventSchemaError
 */
export function prepareSchema(schema: JsonObject): JsonObject {
  const preparation = new Preparation();
  const prepared = preparation.ofWhole(schema);
  if (preparation.flaws.length > 0) throw new EventSchemaError(preparation.flaws);
  return prepared;
}

class Preparation {
  readonly flaws: SchemaFlaw[] = [];
  private subschemas = 0;
  private patterns = 0;

  ofWhole(schema: JsonObject): JsonObject {
    if (utf8Length(JSON.stringify(schema)) > MAX_EVENT_SCHEMA_BYTES) {
      this.refuse([], `must not be larger than ${MAX_EVENT_SCHEMA_BYTES} bytes`);
      return {};
    }
    if (schema['$schema'] !== undefined && schema['$schema'] !== DIALECT) {
      this.refuse(['$schema'], `must be ${DIALECT}, which is the one that is understood`);
    }
    const prepared = this.ofObject(schema, []);
    if (this.subschemas > MAX_SUBSCHEMAS) {
      this.refuse([], `must not have more than ${MAX_SUBSCHEMAS} schemas in it`);
    }
    if (this.patterns > MAX_PATTERNS) {
      this.refuse([], `must not have more than ${MAX_PATTERNS} patterns in it`);
    }
    if (this.flaws.length === 0 && !metaSchema.validate(DIALECT, schema)) {
      for (const { instancePath, message = 'is not valid' } of metaSchema.errors ?? []) {
        this.refuse(keysOfPointer(instancePath, schema), message);
      }
    }
    return prepared;
  }

  /** Recursion ends where the schema does, whose depth is bounded. */
  private of(schema: Json, keys: Keys): Json {
    return isObject(schema) ? this.ofObject(schema, keys) : schema;
  }

  private ofObject(schema: JsonObject, keys: Keys): JsonObject {
    this.subschemas += 1;
    const entries = Object.entries(schema).map(([keyword, value]): [string, Json] => {
      const at = [...keys, keyword];
      const refused = REFUSED.get(keyword);
      if (refused !== undefined) this.refuse(at, refused);
      if (keyword === 'pattern') this.patterns += 1;
      if (keyword === 'patternProperties' && isObject(value)) this.patterns += Object.keys(value).length;
      if (keyword === '$ref' && !(typeof value === 'string' && value.startsWith('#'))) {
        this.refuse(at, 'must refer to a part of this schema, such as "#/$defs/address"');
      }
      return [keyword, this.ofKeyword(keyword, value, at)];
    });
    return { ...Object.fromEntries(entries), [WORK_KEYWORD]: workOf(schema) };
  }

  private ofKeyword(keyword: string, value: Json, keys: Keys): Json {
    if (ONE.has(keyword)) return this.of(value, keys);
    if (MANY.has(keyword) && Array.isArray(value)) {
      return value.map((each, index) => this.of(each, [...keys, index]));
    }
    if (NAMED.has(keyword) && isObject(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, this.of(each, [...keys, name])]),
      );
    }
    return value;
  }

  private refuse(keys: Keys, message: string): void {
    this.flaws.push({ keys, message });
  }
}

/** In proportion to what a value is compared with: keywords, and the values, names and schemas in their lists. */
function workOf(schema: JsonObject): number {
  return Object.values(schema).reduce<number>((sum, value) => {
    if (Array.isArray(value)) return sum + 1 + value.length;
    return sum + 1 + (isObject(value) ? Object.keys(value).length : 0);
  }, 1);
}
