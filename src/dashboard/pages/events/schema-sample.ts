/** Schemas may name themselves: a sample ends here. Levels. */
const MAX_DEPTH = 6;

type Schema = Record<string, unknown>;

/**
 * A value to begin with, that a JSON Schema is likely to accept: it follows the common keywords, and leaves the rest to whoever
 * edits it. Null where the schema says nothing.
 */
export function sampleOf(schema: unknown, depth = 0): unknown {
  if (!isSchema(schema) || depth > MAX_DEPTH) return null;
  if ('const' in schema) return schema['const'];
  if ('default' in schema) return schema['default'];
  const first = firstOf(schema['examples']) ?? firstOf(schema['enum']);
  if (first !== undefined) return first;
  const alternative = firstOf(schema['anyOf']) ?? firstOf(schema['oneOf']);
  if (alternative !== undefined) return sampleOf(alternative, depth + 1);
  return sampleOfType(schema, depth);
}

function sampleOfType(schema: Schema, depth: number): unknown {
  const { type, properties } = schema;
  const named: unknown = firstOf(type) ?? type;
  switch (named ?? (isSchema(properties) ? 'object' : 'null')) {
    case 'object':
      return objectOf(schema, depth);
    case 'array':
      return 'items' in schema ? [sampleOf(schema['items'], depth + 1)] : [];
    case 'string':
      return textOf(schema['format']);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function objectOf({ properties, required }: Schema, depth: number): Record<string, unknown> {
  const known = isSchema(properties) ? properties : {};
  const needed = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
  return Object.fromEntries(
    [...new Set([...Object.keys(known), ...needed])].map((name) => [name, sampleOf(known[name], depth + 1)]),
  );
}

function numberOf({ minimum, exclusiveMinimum }: Schema): number {
  if (typeof minimum === 'number') return minimum;
  return typeof exclusiveMinimum === 'number' ? exclusiveMinimum + 1 : 1;
}

function textOf(format: unknown): string {
  switch (format) {
    case 'date-time':
      return new Date().toISOString();
    case 'date':
      return new Date().toISOString().slice(0, 10);
    case 'email':
      return 'ada@example.com';
    case 'uri':
      return 'https://example.com/';
    case 'uuid':
      return '8e21f4aa-ee49-5f6d-be70-366b95ecc586';
    default:
      return 'text';
  }
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? (value as unknown[])[0] : undefined;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
