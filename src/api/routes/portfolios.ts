import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf, workspaceOf } from '../auth';
import { changeHeaders, ifItMatches, putHeaders } from '../etag';
import { idPageQuery, pageFrom, pageOf } from '../page';
import { problems } from '../problem';
import { byId, idParam, sameId } from '../schemas/ids';
import { ignored, ignoredStamps, stamps, stampsOf } from '../schemas/stamps';
import type { ApiDependencies } from '../server';
import { answerOne, answerPut, putOne } from '../versioned';
import { lineOfText } from '../../rules/text';
import { MAX_NAME_LENGTH } from '../../shared/limits';
import type { Stamped } from '../../store/record';
import type { Portfolio } from '../../store/scorecard-store';

const portfolio = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    scorecards: z.int().meta({ description: 'How many it has.' }),
    ...stamps,
  })
  .meta({ id: 'Portfolio', description: 'A group of scorecards that rules may be about.' });

const portfolioBody = z.strictObject({
  id: idParam.optional(),
  name: lineOfText(MAX_NAME_LENGTH).nullable().default(null),
  scorecards: ignored(),
  ...ignoredStamps,
});

export function portfolioRoutes(app: ApiApp, { store: { portfolios } }: ApiDependencies): void {
  app.get(
    '/v1/portfolios',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listPortfolios',
        tags: ['Portfolios'],
        summary: 'List portfolios',
        querystring: idPageQuery,
        response: { 200: pageOf(portfolio) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const rows = await portfolios.list(workspaceOf(request), { after: cursor, limit: limit + 1 });
      return pageFrom(rows, limit, ({ id }) => id, portfolioAnswer);
    },
  );

  app.get(
    '/v1/portfolios/:id',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getPortfolio',
        tags: ['Portfolios'],
        summary: 'Get a portfolio',
        params: byId,
        response: { 200: portfolio, ...problems(404) },
      },
    },
    async (request, reply) => {
      const found = await portfolios.get(workspaceOf(request), request.params.id);
      return answerOne(reply, found, 'portfolio', portfolioAnswer);
    },
  );

  app.put(
    '/v1/portfolios/:id',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'putPortfolio',
        tags: ['Portfolios'],
        summary: 'Create a portfolio or change its name',
        description: 'Its scorecards stay as they are.',
        params: z.strictObject({ id: lineOfText(MAX_NAME_LENGTH) }),
        headers: putHeaders,
        body: portfolioBody,
        response: { 200: portfolio, 201: portfolio, ...problems(412) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { name } = request.body;
      sameId(id, request.body.id);
      const put = await putOne(
        request.headers,
        () => portfolios.get(workspaceOf(request), id),
        (condition) => portfolios.put(changeOf(request), { id, name }, condition),
      );
      return answerPut(reply, put, `/v1/portfolios/${encodeURIComponent(id)}`, portfolioAnswer);
    },
  );

  app.delete(
    '/v1/portfolios/:id',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'deletePortfolio',
        tags: ['Portfolios'],
        summary: 'Delete a portfolio, but not its scorecards',
        description: 'Not while a rule names it (409).',
        params: byId,
        headers: changeHeaders,
        response: { 204: z.null(), ...problems(404, 409, 412) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await ifItMatches(
        request.headers['if-match'],
        () => portfolios.get(workspaceOf(request), id),
        (condition) => portfolios.delete(changeOf(request), id, condition),
      );
      return reply.code(204).send(null);
    },
  );
}

export function portfolioAnswer({
  id,
  name,
  scorecards,
  ...stamped
}: Portfolio & Stamped & { scorecards: number }): z.input<typeof portfolio> {
  return { id, name, scorecards, ...stampsOf(stamped) };
}
