import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf, workspaceOf } from '../auth';
import { changeHeaders, ifItMatches } from '../etag';
import { idPageQuery, pageFrom, pageOf } from '../page';
import { problems } from '../problem';
import { byId, idParam } from '../schemas/ids';
import { bareScorecard, scorecardId } from '../schemas/scorecard';
import type { ApiDependencies } from '../server';

const membersBody = z.strictObject({
  scorecards: z.array(scorecardId).meta({ description: 'Ids. Those that are not known are created.' }),
});

export function portfolioMemberRoutes(app: ApiApp, { store: { portfolios } }: ApiDependencies): void {
  app.get(
    '/v1/portfolios/:id/scorecards',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listPortfolioScorecards',
        tags: ['Portfolios'],
        summary: 'List the scorecards of a portfolio',
        params: byId,
        querystring: idPageQuery,
        response: { 200: pageOf(bareScorecard), ...problems(404) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const page = { after: cursor, limit: limit + 1 };
      const rows = await portfolios.members(workspaceOf(request), request.params.id, page);
      return pageFrom(
        rows,
        limit,
        ({ id }) => id,
        ({ id, domain, mine, followed }) => ({ id, domain, mine, followed }),
      );
    },
  );

  app.put(
    '/v1/portfolios/:id/scorecards',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'setPortfolioScorecards',
        tags: ['Portfolios'],
        summary: 'Make these all scorecards of a portfolio',
        description: 'The version in `If-Match` is that of the portfolio.',
        params: byId,
        headers: changeHeaders,
        body: membersBody,
        response: { 204: z.null(), ...problems(404, 412) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await ifItMatches(
        request.headers['if-match'],
        () => portfolios.get(workspaceOf(request), id),
        (condition) => portfolios.setMembers(changeOf(request), id, request.body.scorecards, condition),
      );
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/portfolios/:id/scorecards',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'addPortfolioScorecards',
        tags: ['Portfolios'],
        summary: 'Add scorecards to a portfolio',
        description: 'Those that are in it already stay.',
        params: byId,
        body: membersBody,
        response: { 204: z.null(), ...problems(404) },
      },
    },
    async (request, reply) => {
      await portfolios.addMembers(changeOf(request), request.params.id, request.body.scorecards);
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/v1/portfolios/:id/scorecards/:scorecard_id',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'removePortfolioScorecard',
        tags: ['Portfolios'],
        summary: 'Take a scorecard out of a portfolio',
        description: 'One that is not in it stays out.',
        params: byId.extend({ scorecard_id: idParam }),
        response: { 204: z.null(), ...problems(404) },
      },
    },
    async (request, reply) => {
      const { id, scorecard_id } = request.params;
      await portfolios.removeMembers(changeOf(request), id, [scorecard_id]);
      return reply.code(204).send(null);
    },
  );
}
