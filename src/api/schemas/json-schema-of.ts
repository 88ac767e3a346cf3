import { z } from 'zod';

/** What a schema takes, as JSON Schema: for values that are described by one schema and kept as they were written. */
export function jsonSchemaOf(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  const jsonSchema: z.core.JSONSchema.BaseSchema = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  });
  delete jsonSchema.$schema;
  return jsonSchema;
}
