import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { invalid } from './problem';
import { problemsOf } from '../rules/problems';

const WHAT: Readonly<Record<string, string>> = {
  body: 'The body',
  querystring: 'The query',
  params: 'The address',
  headers: 'The headers',
};

/** Checks a part of a request; what is wrong is told with paths as people write them. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart = 'body' }) => {
  return (data: unknown) => {
    const parsed = schema.safeParse(data);
    if (parsed.success) return { value: parsed.data };
    return { error: invalid(WHAT[httpPart] ?? httpPart, problemsOf(parsed.error)) };
  };
};
