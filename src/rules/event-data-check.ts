import { _ } from 'ajv';
import type { ErrorObject } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import names from 'ajv/dist/compile/names';
import { FORMATS } from './event-formats';
import { EventSchemaError, WORK_KEYWORD, prepareSchema } from './event-schema';
import { keysOfPointer } from './json-pointer';
import { isObject } from './json-value';
import { LinearRegex, PatternError, TooMuchWorkError, WorkMeter } from './linear-regex';
import { pathOf } from './problems';
import type { Problem } from './problems';
import { clipped } from '../shared/display';
import type { Json, JsonObject } from '../shared/json';

/** How many problems of one event are told. */
const MAX_PROBLEMS = 20;

/** Values that a message names. Bytes. */
const MAX_SHOWN = 200;

const meter = new WorkMeter();

export interface EventDataCheck {
  /** What is wrong with an event's data, 20 problems at most, their paths beginning with `data`; none when it is valid. */
  check(data: JsonObject): Problem[];
}

/**
 * Compiles the JSON Schema (2020-12) of an event type. `ajv` makes JavaScript of it, which is safe for a schema of an
 * editor's: every part of it that gets into the code is escaped there, and what could load or run more is refused
 * (`prepareSchema`). Keywords and formats that are not known are errors, as a misspelt one would check nothing;
 * ajv's further strictness (types beside each keyword, …) is a matter of taste and left off.
 *
 * No schema and no data stall the process: patterns run in RE2, `uniqueItems` takes time in proportion to the list, and
 * every look at a value is counted, so that references which multiply end early, as a problem with `data`.
 *
 * @throws EventSchemaError
 */
export function compileEventSchema(schema: JsonObject): EventDataCheck {
  const isValid = compile(prepareSchema(schema));
  return {
    check(data) {
      meter.reset();
      try {
        return isValid(data) ? [] : problemsOf(isValid.errors ?? [], data);
      } catch (error) {
        if (error instanceof TooMuchWorkError) {
          return [{ path: 'data', message: 'takes too long to check against its schema' }];
        }
        // A schema that refers to itself for the same value.
        if (error instanceof RangeError) {
          return [{ path: 'data', message: 'cannot be checked: its schema goes round in circles' }];
        }
        throw error;
      }
    },
  };
}

/** Counts a look at a value. Problems found so far count too: they are copied from list to list. */
function countWork(units: number, problemsSoFar: number): void {
  meter.spend(units + Math.floor(problemsSoFar / 100));
}

/** @throws EventSchemaError */
function compile(schema: JsonObject) {
  const ajv = new Ajv2020({
    allErrors: true,
    meta: false,
    validateSchema: false,
    strictSchema: true,
    strictNumbers: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    // Else what is referred to is copied, and not counted each time.
    inlineRefs: false,
    logger: false,
    code: {
      regExp: Object.assign(patternOf, { code: 'not used: code is never written out' }),
      // Takes longer than it saves, and the stack with a thousand properties.
      optimize: false,
    },
  });
  for (const [name, validate] of FORMATS) ajv.addFormat(name, validate);
  ajv.addKeyword({
    keyword: WORK_KEYWORD,
    // First of all: what comes after a keyword that fails is not looked at.
    before: '$ref',
    code({ gen, schema: units }) {
      const count = gen.scopeValue('func', { ref: countWork, key: countWork });
      gen.code(_`${count}(${units as number}, ${names.errors})`);
    },
  });
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    error: { message: 'must not have the same item twice' },
    validate: (unique: boolean, items: Json[]) =>
      !unique || new Set(items.map(sortedJson)).size === items.length,
  });
  try {
    return ajv.compile(schema);
  } catch (error) {
    if (error instanceof RangeError)
      throw new EventSchemaError([{ keys: [], message: 'is nested too deeply' }]);
    const message = error instanceof Error ? error.message : String(error);
    throw new EventSchemaError([{ keys: [], message: message.replace(/^strict mode: /, '') }]);
  }
}

/** A schema's `pattern`, in RE2's syntax. @throws PatternError */
function patternOf(pattern: string) {
  try {
    const regex = LinearRegex.compile(pattern);
    // ajv tells patterns apart by their text.
    return { test: (text: string) => regex.isIn(text, meter), toString: () => pattern };
  } catch (error) {
    throw error instanceof PatternError ? new PatternError(`the pattern ${pattern} ${error.message}`) : error;
  }
}

/** The same text for values that are equal. */
function sortedJson(value: Json): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    isObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );
}

function problemsOf(errors: readonly ErrorObject[], data: JsonObject): Problem[] {
  return errors.slice(0, MAX_PROBLEMS).map((error) => {
    const keys = ['data', ...keysOfPointer(error.instancePath, data)];
    const { message = 'is not valid' } = error;
    const params = error.params as Record<string, unknown>;
    switch (error.keyword) {
      case 'required':
        return { path: pathOf([...keys, String(params['missingProperty'])]), message: 'is missing' };
      case 'additionalProperties':
      case 'unevaluatedProperties': {
        const key = params['additionalProperty'] ?? params['unevaluatedProperty'];
        return { path: pathOf([...keys, String(key)]), message: 'is not a known key' };
      }
      case 'enum':
        return {
          path: pathOf(keys),
          message: `must be one of ${clipped(JSON.stringify(params['allowedValues']), MAX_SHOWN)}`,
        };
      case 'const':
        return {
          path: pathOf(keys),
          message: `must be ${clipped(JSON.stringify(params['allowedValue']), MAX_SHOWN)}`,
        };
      default:
        return { path: pathOf(keys), message };
    }
  });
}
