import { z } from 'zod';
import { CALL_COUNTS_KEPT_MS } from '../../shared/limits';
import type { ApiApp } from '../app';
import { workspaceOf } from '../auth';
import { notFound, problems } from '../problem';
import { byOrigin } from '../schemas/origin';
import type { ApiDependencies } from '../server';

const MS_PER_HOUR = 3_600_000;

const statistics = z
  .object({
    since: z.iso.datetime(),
    delivered: z.int(),
    failed: z.int(),
    success_rate: z.number().nullable().meta({ description: 'From 0 to 1. Null: there was no call.' }),
    latency_ms: z
      .object({ p50: z.int(), p95: z.int(), p99: z.int() })
      .nullable()
      .meta({ description: 'How long calls took, failed ones too. To within a fifth.' }),
  })
  .meta({ id: 'CallStatistics', description: 'How calls to a destination went.' });

/** How calls to a destination went. */
export function destinationCallRoutes(
  app: ApiApp,
  { store: { destinations, destinationCalls } }: ApiDependencies,
): void {
  app.get(
    '/v1/destinations/:origin/calls',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getDestinationCalls',
        tags: ['Destinations'],
        summary: 'How calls to a destination went of late',
        description: 'Whole hours, this one included. Workers count every 15 seconds.',
        params: byOrigin,
        querystring: z.strictObject({
          hours: z.coerce
            .number()
            .int()
            .min(1)
            .max(CALL_COUNTS_KEPT_MS / MS_PER_HOUR)
            .default(24),
        }),
        response: { 200: statistics, ...problems(404) },
      },
    },
    async (request) => {
      const { origin } = request.params;
      const workspace = workspaceOf(request);
      if ((await destinations.get(workspace, origin)) === undefined) throw notFound('destination');
      const thisHour = Math.floor(Date.now() / MS_PER_HOUR);
      const since = new Date((thisHour - request.query.hours + 1) * MS_PER_HOUR).toISOString();
      const { delivered, failed, successRate, latencyMs } = await destinationCalls.statistics(
        workspace,
        origin,
        since,
      );
      return { since, delivered, failed, success_rate: successRate, latency_ms: latencyMs };
    },
  );
}
