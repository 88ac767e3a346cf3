import { Readable } from 'node:stream';
import { z } from 'zod';
import type { ApiApp } from '../app';
import { workspaceOf } from '../auth';
import { eventStream } from '../event-stream';
import type { ApiDependencies } from '../server';
import { ChangedExecutions, lookAtExecutions } from '../../client/changed-executions';
import { inTime } from '../../ingest/in-time';

const streamed = z.custom<Readable>().meta({ type: 'string' });

export function executionChangeRoutes(app: ApiApp, { client }: ApiDependencies): void {
  const changes = new ChangedExecutions((workspace) =>
    inTime(client, () => lookAtExecutions(client, workspace)),
  );
  const closing = new AbortController();
  app.addHook('preClose', async () => {
    closing.abort();
  });

  app.get(
    '/v1/executions/changes',
    {
      config: { access: 'read' },
      // A HEAD of it would be held open.
      exposeHeadRoute: false,
      schema: {
        operationId: 'followExecutionChanges',
        tags: ['Executions'],
        summary: 'Be told which executions began, ended, or stand otherwise',
        description:
          'Server-sent events without an end; the `data:` of each is JSON: `{"kind":"changed","executions":[…],"more":false}` ' +
          'with executions as in lists, and `more: true` when a list should be read again; `{"kind":"away"}` while Temporal ' +
          'cannot be asked, and `{"kind":"back"}` after it. Of those that wait, the 200 that began last are looked at. Whoever ' +
          'does not read is cut off.',
        produces: ['text/event-stream'],
        response: { 200: streamed },
      },
    },
    async (request, reply) => {
      const gone = new AbortController();
      reply.raw.once('close', () => {
        gone.abort();
      });
      const signal = AbortSignal.any([gone.signal, closing.signal]);
      // It comes again, and reads anew.
      const tooSlow = () => reply.raw.destroy();
      const stream = eventStream(changes.follow(workspaceOf(request), signal, tooSlow), signal);
      const headers = { 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' };
      return reply.type('text/event-stream').headers(headers).send(Readable.from(stream));
    },
  );
}
