import { z } from 'zod';
import type { ApiApp } from '../app';
import { workspaceOf } from '../auth';
import { filterOf, filterQuery } from '../schemas/execution-filter';
import { spanOf, spanQuery } from '../schemas/span';
import { RequestProblem } from '../problem';
import type { ApiDependencies } from '../server';
import { BriefCache } from '../../client/brief-cache';
import { ExecutionOutcomes, OUTCOMES, totalOf, type OutcomesWithin } from '../../client/execution-outcomes';
import { inTime } from '../../ingest/in-time';
import { FIGURES_KEPT_MS } from '../../shared/limits';
import { timeParts } from '../../shared/time-parts';
import { within } from '../../shared/within';

/** How long a caller waits for figures. The counting goes on, and the next one may have them. Milliseconds. */
const PATIENCE_MS = 4_000;

/** How long it may go on: a server with a hundred thousand executions takes some ten seconds. Milliseconds. */
const COUNTING_MS = 60_000;

const counts = z
  .record(z.enum(OUTCOMES), z.int())
  .meta({ id: 'OutcomeCounts', description: '`running`: all that have not ended.' });

export function executionOutcomeRoutes(app: ApiApp, { client }: ApiDependencies): void {
  const outcomes = new ExecutionOutcomes(client);
  const kept = new BriefCache<OutcomesWithin[]>(FIGURES_KEPT_MS);

  app.get(
    '/v1/executions/outcomes',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getExecutionOutcomes',
        tags: ['Executions'],
        summary: 'Count what came of executions, by when they started',
        description:
          'The time from `from` to `to` in buckets of about the same length. An answer may be 5 seconds old, and ' +
          'where there are many executions, 5 minutes for those that began more than an hour ago. While they are still ' +
          'being counted it is 503 with `Retry-After`.',
        querystring: z.strictObject({ ...filterQuery, ...spanQuery }),
        response: {
          200: z.object({
            from: z.iso.datetime(),
            to: z.iso.datetime(),
            buckets: z.array(z.object({ from: z.iso.datetime(), to: z.iso.datetime(), counts })),
            total: counts,
          }),
        },
      },
    },
    async (request) => {
      const { buckets, ...given } = request.query;
      // Those who ask for the time until now within a moment ask for the same.
      const now = Math.ceil(Date.now() / FIGURES_KEPT_MS) * FIGURES_KEPT_MS;
      const span = spanOf(given, now);
      const filter = { ...filterOf(given), workspace: workspaceOf(request) };
      const counting = kept.get(JSON.stringify([filter, span, buckets]), () =>
        inTime(client, () => outcomes.of(filter, timeParts(span, buckets, 1)), COUNTING_MS),
      );
      const found = await within(PATIENCE_MS, counting, () => {
        throw new RequestProblem(
          'still-counting',
          'There are many executions: they are still being counted.',
          {
            headers: { 'retry-after': '3' },
          },
        );
      });
      return {
        from: new Date(span.from).toISOString(),
        to: new Date(span.to).toISOString(),
        buckets: found,
        total: totalOf(found),
      };
    },
  );
}
