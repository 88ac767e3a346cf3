import { STATUS_CODES } from 'node:http';
import fastifySwagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { OpenAPIV3_1 } from 'openapi-types';
import type { ApiApp } from './app';
import { PROBLEM_TYPE } from './problem';
import { version } from './version';

const DESCRIPTION = `
Rules watch events, and call webhooks durably: each match is an execution that retries for 36 hours.

Every request has a key: \`Authorization: Bearer rwk_…\`, or the cookie of a session, with its \`X-CSRF-Token\` where something is
changed. A key belongs to one workspace, sees nothing of others, and has a
role. Errors are \`application/problem+json\`. Lists come in pages. What has a version answers it as its \`ETag\`, and heeds
\`If-Match\`.
`.trim();

const METHODS = ['get', 'put', 'post', 'delete'] as const;

/** Describes the routes that are added from now on, from their own schemas. */
export async function describeRoutes(app: ApiApp): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Rule Webhooks', version: version(), description: DESCRIPTION },
      components: {
        securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'rwk_…' } },
      },
      tags: [],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) =>
      finished(jsonSchemaTransformObject(document) as Partial<OpenAPIV3_1.Document>),
  });
}

/** What the plug-ins do not do: problems have a type of their own, headers are named, and components that nobody uses go. */
function finished(document: Partial<OpenAPIV3_1.Document>): Partial<OpenAPIV3_1.Document> {
  for (const path of Object.values(document.paths ?? {})) {
    for (const method of METHODS) {
      const operation = path?.[method];
      finishRequest(operation?.requestBody as OpenAPIV3_1.RequestBodyObject | undefined);
      for (const [status, response] of Object.entries(operation?.responses ?? {})) {
        finishResponse(Number(status), response as OpenAPIV3_1.ResponseObject, document);
      }
    }
  }
  return withPortablePatterns(withoutUnusedSchemas(document));
}

/** Unicode's classes of characters are no part of many languages' regular expressions. Where one can, it is spelt out. */
function withPortablePatterns<T>(document: T): T {
  return JSON.parse(JSON.stringify(document), (key, value: unknown) => {
    if (key !== 'pattern' || typeof value !== 'string') return value;
    const portable = value.replaceAll('\\p{Cc}', '\\u0000-\\u001f\\u007f-\\u009f');
    return portable.includes('\\p{') ? undefined : portable;
  }) as T;
}

/** A body that may be null may be absent. */
function finishRequest(body: OpenAPIV3_1.RequestBodyObject | undefined): void {
  for (const content of Object.values(body?.content ?? {})) {
    const { anyOf = [] } = (content.schema ?? {}) as OpenAPIV3_1.SchemaObject;
    const [given, absent, ...others] = anyOf as OpenAPIV3_1.SchemaObject[];
    if (body === undefined || given === undefined || absent?.type !== 'null' || others.length > 0) continue;
    body.required = false;
    content.schema = given;
  }
}

function finishResponse(
  status: number,
  response: OpenAPIV3_1.ResponseObject,
  document: Partial<OpenAPIV3_1.Document>,
): void {
  if (response.description === 'Default Response' || status >= 400) {
    response.description = STATUS_CODES[status] ?? '';
  }
  // Each content of an answer has the same schema, whatever its type.
  const [content] = Object.values(response.content ?? {});
  if (content && isProblem(content.schema)) response.content = { [PROBLEM_TYPE]: content };
  const text = (description: string) => ({ description, schema: { type: 'string' as const } });
  response.headers = {
    'x-request-id': text('Names the request in the log.'),
    ...(status === 201 && { location: text('Where it is.') }),
    ...((status === 429 || status === 503) && {
      'retry-after': text('Seconds until another try makes sense.'),
    }),
    ...(status < 300 &&
      hasVersion(content?.schema, document) && { etag: text('Its version, for If-Match.') }),
  };
}

function isProblem(schema: unknown): boolean {
  return (schema as { $ref?: string } | undefined)?.$ref === '#/components/schemas/Problem';
}

function hasVersion(schema: unknown, document: Partial<OpenAPIV3_1.Document>): boolean {
  const { $ref, properties } = (schema ?? {}) as { $ref?: string; properties?: object };
  const name = $ref?.replace('#/components/schemas/', '');
  const found = name === undefined ? properties : document.components?.schemas?.[name]?.properties;
  return found !== undefined && 'version' in found && 'updated_by' in found;
}

function withoutUnusedSchemas(document: Partial<OpenAPIV3_1.Document>): Partial<OpenAPIV3_1.Document> {
  const schemas = document.components?.schemas ?? {};
  const used = new Set<string>();
  const look = (value: unknown) => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      look(schemas[name] ?? {});
    }
  };
  look(document.paths ?? {});
  const kept = Object.fromEntries(
    Object.entries(schemas)
      .filter(([name]) => used.has(name))
      // Their place within the document is what they are referred to by.
      .map(([name, schema]) => [name, withoutIdentity(schema)]),
  );
  return { ...document, components: { ...document.components, schemas: kept } };
}

function withoutIdentity(schema: object): OpenAPIV3_1.SchemaObject {
  const entries = Object.entries(schema).filter(([keyword]) => keyword !== '$schema' && keyword !== '$id');
  return Object.fromEntries(entries);
}
