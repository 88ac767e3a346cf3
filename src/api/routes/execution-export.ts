import { Readable } from 'node:stream';
import { z } from 'zod';
import type { ApiApp } from '../app';
import { workspaceOf } from '../auth';
import { filterOf, filterQuery } from '../schemas/execution-filter';
import { flag } from '../schemas/flag';
import type { ApiDependencies } from '../server';
import { exportExecutions } from '../../client/export-executions';
import { inTime } from '../../ingest/in-time';

const streamed = z.custom<Readable>().meta({ type: 'string' });

export function executionExportRoutes(app: ApiApp, { client }: ApiDependencies): void {
  const closing = new AbortController();
  app.addHook('preClose', async () => {
    closing.abort(new Error('the service ends'));
  });

  app.get(
    '/v1/executions/export',
    {
      config: { access: 'read' },
      // A HEAD of it would read everything.
      exposeHeadRoute: false,
      schema: {
        operationId: 'exportExecutions',
        tags: ['Executions'],
        summary: 'Export executions as NDJSON',
        description:
          'One execution a line, as lists have it; with `detail=true`, with each of its attempts. A connection that breaks ' +
          'off before its end means that lines are missing. One that ends meanwhile may come twice.',
        querystring: z.strictObject({ ...filterQuery, detail: flag.optional() }),
        produces: ['application/x-ndjson'],
        response: { 200: streamed },
      },
    },
    async (request, reply) => {
      const { detail = false, ...filter } = request.query;
      const meant = { ...filterOf(filter), workspace: workspaceOf(request) };
      const pages = exportExecutions(client, meant, { detail });
      // Before the answer begins: what fails now can still be told.
      const first = await inTime(client, () => pages.next());
      const headers = { 'cache-control': 'no-store', connection: 'close' };
      const lines = Readable.from(linesOf(first, pages, closing.signal));
      return reply.type('application/x-ndjson').headers(headers).send(lines);
    },
  );
}

/** @throws what `signal` is aborted with, so that the connection breaks off */
async function* linesOf(
  first: IteratorResult<object[], void>,
  rest: AsyncIterable<object[]>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  if (first.done === true) return;
  yield* first.value.map(lineOf);
  for await (const page of rest) {
    signal.throwIfAborted();
    yield* page.map(lineOf);
  }
}

function lineOf(execution: object): string {
  return `${JSON.stringify(execution)}\n`;
}
