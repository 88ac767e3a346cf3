import { z } from 'zod';
import { beginningOfHours, MS_PER_HOUR } from '../../destinations/call-counts';
import { CALL_COUNTS_KEPT_MS, RECENT_HOURS } from '../../shared/limits';
import type { ApiApp } from '../app';
import { workspaceOf } from '../auth';
import { notFound, problems } from '../problem';
import { callStatistics, callStatisticsAnswer } from '../schemas/call-statistics';
import { byOrigin } from '../schemas/origin';
import type { ApiDependencies } from '../server';

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
            .default(RECENT_HOURS),
        }),
        response: { 200: callStatistics, ...problems(404) },
      },
    },
    async (request) => {
      const { origin } = request.params;
      const workspace = workspaceOf(request);
      if ((await destinations.get(workspace, origin)) === undefined) throw notFound('destination');
      const since = beginningOfHours(request.query.hours);
      const found = await destinationCalls.statistics(workspace, [origin], since);
      return callStatisticsAnswer(since, found.get(origin));
    },
  );
}
