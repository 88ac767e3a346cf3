import { z } from 'zod';
import type { ApiApp } from '../app';
import { workspaceOf } from '../auth';
import { filterOf, filterQuery } from '../schemas/execution-filter';
import { spanOf, spanQuery } from '../schemas/span';
import type { ApiDependencies } from '../server';
import { BriefCache } from '../../client/brief-cache';
import { executionOutcomes, OUTCOMES, totalOf, type OutcomesWithin } from '../../client/execution-outcomes';
import { inTime } from '../../ingest/in-time';
import { FIGURES_KEPT_MS } from '../../shared/limits';
import { timeParts } from '../../shared/time-parts';

const counts = z
  .record(z.enum(OUTCOMES), z.int())
  .meta({ id: 'OutcomeCounts', description: '`running`: all that have not ended.' });

export function executionOutcomeRoutes(app: ApiApp, { client }: ApiDependencies): void {
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
          'The time from `from` to `to` in buckets of about the same length. An answer may be 5 seconds old.',
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
      const found = await kept.get(JSON.stringify([filter, span, buckets]), () =>
        inTime(client, () => executionOutcomes(client, filter, timeParts(span, buckets, 1))),
      );
      return {
        from: new Date(span.from).toISOString(),
        to: new Date(span.to).toISOString(),
        buckets: found,
        total: totalOf(found),
      };
    },
  );
}
