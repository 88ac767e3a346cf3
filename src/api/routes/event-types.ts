import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf, workspaceOf } from '../auth';
import { changeHeaders, ifItMatches, putHeaders } from '../etag';
import { idPageQuery, pageFrom, pageOf } from '../page';
import { invalid, problems } from '../problem';
import { idParam } from '../schemas/ids';
import { ignoredStamps, stamps, stampsOf } from '../schemas/stamps';
import type { ApiDependencies } from '../server';
import { answerOne, answerPut, putOne } from '../versioned';
import { compileEventSchema } from '../../rules/event-data-check';
import { customEventTypeSchema } from '../../rules/event-pattern';
import { EventSchemaError } from '../../rules/event-schema';
import type { EventTypeDocument } from '../../rules/event-type';
import { jsonObject } from '../../rules/json-value';
import { pathOf } from '../../rules/problems';
import { lineOfText } from '../../rules/text';
import type { JsonObject } from '../../shared/json';
import type { Stamped } from '../../store/record';

/** Characters. */
const MAX_DESCRIPTION_LENGTH = 2_000;

/** Levels of nesting of a schema. */
const MAX_SCHEMA_DEPTH = 32;

const eventType = z
  .object({
    name: z.string(),
    description: z.string().nullable(),
    schema: z.record(z.string(), z.unknown()).nullable().meta({
      description: 'JSON Schema (2020-12) of the `data` of its events; null: anything goes.',
    }),
    ...stamps,
  })
  .meta({ id: 'EventType', description: 'A type of your own events.' });

const eventTypeBody = z.strictObject({
  name: idParam.optional(),
  description: lineOfText(MAX_DESCRIPTION_LENGTH).nullable().default(null),
  schema: jsonObject(MAX_SCHEMA_DEPTH).nullable().default(null),
  ...ignoredStamps,
});

const byName = z.strictObject({ name: idParam });

export function eventTypeRoutes(app: ApiApp, { store: { eventTypes } }: ApiDependencies): void {
  app.get(
    '/v1/event-types',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listEventTypes',
        tags: ['Event types'],
        summary: 'List types of your own events',
        querystring: idPageQuery,
        response: { 200: pageOf(eventType) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const rows = await eventTypes.list(workspaceOf(request), { after: cursor, limit: limit + 1 });
      return pageFrom(rows, limit, ({ name }) => name, answerOf);
    },
  );

  app.get(
    '/v1/event-types/:name',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getEventType',
        tags: ['Event types'],
        summary: 'Get a type of your own events',
        params: byName,
        response: { 200: eventType, ...problems(404) },
      },
    },
    async (request, reply) => {
      const found = await eventTypes.get(workspaceOf(request), request.params.name);
      return answerOne(reply, found, 'event type', answerOf);
    },
  );

  app.put(
    '/v1/event-types/:name',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'putEventType',
        tags: ['Event types'],
        summary: 'Create or replace a type of your own events',
        description:
          'Events of this type whose `data` is not as its schema has it are refused from then on (422).',
        params: z.strictObject({ name: customEventTypeSchema }),
        headers: putHeaders,
        body: eventTypeBody,
        response: { 200: eventType, 201: eventType, ...problems(412) },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { name: repeated, description, schema } = request.body;
      if (repeated !== undefined && repeated !== name) {
        throw invalid('The body', [{ path: 'name', message: `must be "${name}", as in the address` }]);
      }
      if (schema !== null) assertUsable(schema);
      const put = await putOne(
        request.headers,
        () => eventTypes.get(workspaceOf(request), name),
        (condition) => eventTypes.put(changeOf(request), { name, description, schema }, condition),
      );
      return answerPut(reply, put, `/v1/event-types/${name}`, answerOf);
    },
  );

  app.delete(
    '/v1/event-types/:name',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'deleteEventType',
        tags: ['Event types'],
        summary: 'Delete a type of your own events',
        description: 'Its events are then taken whatever their `data` is.',
        params: byName,
        headers: changeHeaders,
        response: { 204: z.null(), ...problems(404, 412) },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      await ifItMatches(
        request.headers['if-match'],
        () => eventTypes.get(workspaceOf(request), name),
        (condition) => eventTypes.delete(changeOf(request), name, condition),
      );
      return reply.code(204).send(null);
    },
  );
}

/** @throws RequestProblem 422 */
function assertUsable(schema: JsonObject): void {
  try {
    compileEventSchema(schema);
  } catch (error) {
    if (!(error instanceof EventSchemaError)) throw error;
    throw invalid(
      'The schema',
      error.flaws.map(({ keys, message }) => ({ path: pathOf(['schema', ...keys]), message })),
    );
  }
}

function answerOf({
  name,
  description,
  schema,
  ...stamped
}: EventTypeDocument & Stamped): z.input<typeof eventType> {
  return { name, description, schema, ...stampsOf(stamped) };
}
