import { Readable } from 'node:stream';
import { z } from 'zod';
import type { ApiApp } from '../app';
import { workspaceOf } from '../auth';
import { eventStream } from '../event-stream';
import { notFound, problems } from '../problem';
import { byId } from '../schemas/ids';
import type { ApiDependencies } from '../server';
import { inTime } from '../../ingest/in-time';
import { belongsTo } from '../../client/executions';
import { followExecution } from '../../client/follow-execution';

const streamed = z.custom<Readable>().meta({ type: 'string' });

export function executionFollowRoutes(app: ApiApp, { client }: ApiDependencies): void {
  const closing = new AbortController();
  app.addHook('preClose', async () => {
    closing.abort();
  });

  app.get(
    '/v1/executions/:id/follow',
    {
      config: { access: 'read' },
      // A HEAD of it would be held open.
      exposeHeadRoute: false,
      schema: {
        operationId: 'followExecution',
        tags: ['Executions'],
        summary: 'Follow an execution from its beginning to its end',
        description:
          'Server-sent events: the `data:` of each is JSON with `at` and `kind`; the last one has `kind: "ended"`. A ' +
          'stream that ends before was cut off: ask again.',
        params: byId,
        produces: ['text/event-stream'],
        response: { 200: streamed, ...problems(404) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const isThere = await inTime(client, () => belongsTo(client, workspaceOf(request), id));
      if (!isThere) throw notFound('execution');
      const gone = new AbortController();
      reply.raw.once('close', () => {
        gone.abort();
      });
      const signal = AbortSignal.any([gone.signal, closing.signal]);
      const stream = eventStream(followExecution(client, id, signal), signal);
      // The connection ends with the stream, so that the end of the service need not wait for its client.
      const headers = { 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' };
      return reply.type('text/event-stream').headers(headers).send(Readable.from(stream));
    },
  );
}
