import { z } from 'zod';
import type { ApiApp } from '../app';
import { workspaceOf } from '../auth';
import { cursorAt, idCursor, pageOf, pageQuery } from '../page';
import { invalid, notFound, problems } from '../problem';
import {
  acceptedAnswer,
  acceptedEvent,
  event,
  idempotencyKey,
  listedAnswer,
  listedEvent,
  MAX_EXPLAINED,
  MAX_LISTED_MATCHES,
  locationOf,
  storedAnswer,
  storedEvent,
  traceparent,
} from '../schemas/event';
import { flag } from '../schemas/flag';
import { byId, idParam } from '../schemas/ids';
import type { ApiDependencies } from '../server';

export function eventRoutes(app: ApiApp, { store: { events }, intake }: ApiDependencies): void {
  app.post(
    '/v1/events',
    {
      config: { access: 'send', traced: true },
      schema: {
        operationId: 'postEvent',
        tags: ['Events'],
        summary: 'Post an event',
        description:
          'After a 202, each execution that it leads to is durably started or on its way. The same event again, by ' +
          'its `id` or `Idempotency-Key`, starts nothing; another body under the same id is a 409. After a 503 ' +
          'nothing of it is in force: send it again.',
        querystring: z.strictObject({ explain: flag.optional() }),
        headers: z.looseObject({ 'idempotency-key': idempotencyKey, traceparent }),
        body: event,
        response: { 202: acceptedEvent, ...problems(409) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const id = request.body.id ?? key;
      if (key !== undefined && key !== id) {
        throw invalid('The event', [
          { path: 'id', message: `is "${String(id)}", and the Idempotency-Key is "${key}"` },
        ]);
      }
      const accepted = await intake.accept(
        workspaceOf(request),
        { ...request.body, ...(id !== undefined && { id }) },
        {
          explain: request.query.explain === true ? MAX_EXPLAINED : undefined,
          traceparent: request.span?.traceparent,
        },
      );
      return reply
        .code(202)
        .header('location', locationOf(request.body, accepted))
        .send(acceptedAnswer(accepted));
    },
  );

  app.get(
    '/v1/events',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listEvents',
        tags: ['Events'],
        summary: 'List accepted events, newest first',
        querystring: z.strictObject({
          ...pageQuery,
          cursor: idCursor,
          type: idParam.optional().meta({ description: 'E.g. `scorecard.changed` or `invoice.paid`.' }),
          domain: idParam.toLowerCase().optional(),
        }),
        response: { 200: pageOf(listedEvent) },
      },
    },
    async (request) => {
      const page = await events.list(workspaceOf(request), request.query);
      return {
        items: page.events.map(listedAnswer),
        next_cursor: page.nextCursor === undefined ? null : cursorAt(page.nextCursor),
      };
    },
  );

  app.get(
    '/v1/events/:id',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getEvent',
        tags: ['Events'],
        summary: 'Get an accepted event and its executions',
        description: 'A trial is found by `trial/<its id>`, since it leaves the id to the real event.',
        params: byId,
        response: { 200: storedEvent, ...problems(404) },
      },
    },
    async (request) => {
      const found = await events.get(workspaceOf(request), request.params.id);
      if (found === undefined) throw notFound('event');
      const page = { offset: 0, limit: MAX_LISTED_MATCHES };
      return storedAnswer(found, await events.matches(workspaceOf(request), found.id, page));
    },
  );
}
