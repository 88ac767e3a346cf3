import type { ApiApp } from '../app';
import { changeOf, workspaceOf } from '../auth';
import { etagOf, putHeaders } from '../etag';
import { idPageQuery, pageFrom, pageOf } from '../page';
import { notFound, problems } from '../problem';
import { callStatisticsAnswer } from '../schemas/call-statistics';
import { calledDestination, destination, destinationAnswer, destinationBody } from '../schemas/destination';
import { byOrigin, locationOfDestination, sameOrigin } from '../schemas/origin';
import type { ApiDependencies } from '../server';
import { answerPut, putOne } from '../versioned';
import { beginningOfHours } from '../../destinations/call-counts';
import { RECENT_HOURS } from '../../shared/limits';
import type { Destination } from '../../store/destination-store';

export function destinationRoutes(
  app: ApiApp,
  { store: { destinations, destinationCalls } }: ApiDependencies,
): void {
  /** With how their calls went of late, which one query tells of all of them. */
  async function withCalls(workspace: string, found: readonly Destination[]) {
    const since = beginningOfHours(RECENT_HOURS);
    const origins = found.map(({ origin }) => origin);
    const calls = await destinationCalls.statistics(workspace, origins, since);
    return found.map((each) => ({
      ...destinationAnswer(each),
      calls: callStatisticsAnswer(since, calls.get(each.origin)),
    }));
  }

  app.get(
    '/v1/destinations',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listDestinations',
        tags: ['Destinations'],
        summary: 'List destinations',
        description: 'Those that were called, and those that something was set for.',
        querystring: idPageQuery,
        response: { 200: pageOf(calledDestination) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const workspace = workspaceOf(request);
      const rows = await destinations.list(workspace, { after: cursor, limit: limit + 1 });
      const page = pageFrom(
        rows,
        limit,
        ({ origin }) => origin,
        (row) => row,
      );
      return { ...page, items: await withCalls(workspace, page.items) };
    },
  );

  app.get(
    '/v1/destinations/:origin',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getDestination',
        tags: ['Destinations'],
        summary: 'Get a destination',
        params: byOrigin,
        response: { 200: calledDestination, ...problems(404) },
      },
    },
    async (request, reply) => {
      const workspace = workspaceOf(request);
      const found = await destinations.get(workspace, request.params.origin);
      if (found === undefined) throw notFound('destination');
      // While nothing was set there is nothing that a condition could be about.
      if (found.version > 0) reply.header('etag', etagOf(found));
      const [answer] = await withCalls(workspace, [found]);
      return answer;
    },
  );

  app.put(
    '/v1/destinations/:origin',
    {
      config: { access: 'administer' },
      schema: {
        operationId: 'putDestination',
        tags: ['Destinations'],
        summary: 'Set how a destination is called',
        description:
          'The credentials that its calls carry unless their step names others, and its limits. Signing keys stay as they are.',
        params: byOrigin,
        headers: putHeaders,
        body: destinationBody,
        response: { 200: destination, 201: destination, ...problems(404, 412) },
      },
    },
    async (request, reply) => {
      const { origin } = request.params;
      const { auth, tls, limits } = request.body;
      sameOrigin(origin, request.body.origin);
      const put = await putOne(
        request.headers,
        async () => {
          const found = await destinations.get(workspaceOf(request), origin);
          return found?.version === 0 ? undefined : found;
        },
        (condition) => destinations.putSettings(changeOf(request), origin, { auth, tls, limits }, condition),
      );
      return answerPut(reply, put, locationOfDestination(origin), destinationAnswer);
    },
  );
}
