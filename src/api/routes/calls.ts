import { z } from 'zod';
import type { ApiApp } from '../app';
import { workspaceOf } from '../auth';
import { callFigures, callFiguresOf } from '../schemas/call-statistics';
import { spanOf, spanQuery } from '../schemas/span';
import type { ApiDependencies } from '../server';
import { BriefCache } from '../../client/brief-cache';
import { MS_PER_HOUR, statisticsOf } from '../../destinations/call-counts';
import { originSchema } from '../../destinations/origin';
import { FIGURES_KEPT_MS } from '../../shared/limits';
import { timeParts } from '../../shared/time-parts';
import type { HourlyCount } from '../../store/destination-call-store';

/** How the calls of a workspace went over time. */
export function callRoutes(app: ApiApp, { store: { destinationCalls } }: ApiDependencies): void {
  const kept = new BriefCache<HourlyCount[]>(FIGURES_KEPT_MS);

  app.get(
    '/v1/calls',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getCalls',
        tags: ['Destinations'],
        summary: 'How calls went over time',
        description:
          'The whole hours that begin between `from` and `to`, in buckets of about the same length: fewer than asked for when ' +
          'there are fewer hours. Workers count every 15 seconds; counts are kept for 7 days.',
        querystring: z.strictObject({ ...spanQuery, destination: originSchema.optional() }),
        response: {
          200: z.object({
            from: z.iso.datetime(),
            to: z.iso.datetime(),
            buckets: z.array(z.object({ from: z.iso.datetime(), to: z.iso.datetime(), ...callFigures })),
          }),
        },
      },
    },
    async (request) => {
      const { buckets, destination, ...given } = request.query;
      const hours = hoursIn(spanOf(given, Date.now()));
      const span = { from: new Date(hours.from).toISOString(), to: new Date(hours.to).toISOString() };
      const workspace = workspaceOf(request);
      const counts = await kept.get(JSON.stringify([workspace, span, destination]), () =>
        destinationCalls.byHour(workspace, span, destination),
      );
      const bucketOf = ({ from, to }: typeof span) =>
        callFiguresOf(statisticsOf(counts.filter(({ hour }) => from <= hour && hour < to)));
      return {
        ...span,
        buckets: timeParts(hours, buckets, MS_PER_HOUR).map((part) => ({ ...part, ...bucketOf(part) })),
      };
    },
  );
}

/**
 * The hours that begin in a span, so that the 24 hours until now are 24, this one included; the hour that it lies in when
 * none does.
 */
function hoursIn({ from, to }: { from: number; to: number }): { from: number; to: number } {
  const end = Math.ceil(to / MS_PER_HOUR) * MS_PER_HOUR;
  const beginning = Math.ceil(from / MS_PER_HOUR) * MS_PER_HOUR;
  return { from: Math.min(beginning, end - MS_PER_HOUR), to: end };
}
