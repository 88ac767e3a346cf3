import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf, workspaceOf } from '../auth';
import { changeHeaders, ifItMatches, putHeaders } from '../etag';
import { idCursor, pageFrom, pageOf, pageQuery } from '../page';
import { invalid, problems } from '../problem';
import { flag } from '../schemas/flag';
import { byId, idParam, sameId } from '../schemas/ids';
import { importedScorecard, scorecard, scorecardAnswer, scorecardBody } from '../schemas/scorecard';
import type { ApiDependencies } from '../server';
import { answerOne, answerPut, putOne } from '../versioned';

const importBody = z.strictObject({
  scorecards: z.array(importedScorecard).min(1),
  portfolio: idParam.optional().meta({ description: 'A portfolio to which all of them are added.' }),
});

const imported = z.object({ created: z.int(), updated: z.int(), unchanged: z.int() });

export function scorecardRoutes(app: ApiApp, { store: { scorecards, portfolios } }: ApiDependencies): void {
  app.get(
    '/v1/scorecards',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listScorecards',
        tags: ['Scorecards'],
        summary: 'List scorecards',
        querystring: z.strictObject({
          ...pageQuery,
          cursor: idCursor,
          mine: flag.optional(),
          followed: flag.optional(),
          domain: idParam.toLowerCase().optional(),
        }),
        response: { 200: pageOf(scorecard) },
      },
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query;
      const page = { after: cursor, limit: limit + 1, ...filter };
      const rows = await scorecards.list(workspaceOf(request), page);
      return pageFrom(rows, limit, ({ id }) => id, scorecardAnswer);
    },
  );

  app.get(
    '/v1/scorecards/:id',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getScorecard',
        tags: ['Scorecards'],
        summary: 'Get a scorecard',
        params: byId,
        response: { 200: scorecard, ...problems(404) },
      },
    },
    async (request, reply) => {
      const found = await scorecards.get(workspaceOf(request), request.params.id);
      return answerOne(reply, found, 'scorecard', scorecardAnswer);
    },
  );

  app.put(
    '/v1/scorecards/:id',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'putScorecard',
        tags: ['Scorecards'],
        summary: 'Create or replace a scorecard',
        params: byId,
        headers: putHeaders,
        body: scorecardBody,
        response: { 200: scorecard, 201: scorecard, ...problems(412) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { domain, mine, followed } = request.body;
      sameId(id, request.body.id);
      const put = await putOne(
        request.headers,
        () => scorecards.get(workspaceOf(request), id),
        (condition) => scorecards.put(changeOf(request), { id, domain, mine, followed }, condition),
      );
      return answerPut(reply, put, `/v1/scorecards/${encodeURIComponent(id)}`, scorecardAnswer);
    },
  );

  app.delete(
    '/v1/scorecards/:id',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'deleteScorecard',
        tags: ['Scorecards'],
        summary: 'Delete a scorecard, also from its portfolios',
        params: byId,
        headers: changeHeaders,
        response: { 204: z.null(), ...problems(404, 412) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await ifItMatches(
        request.headers['if-match'],
        () => scorecards.get(workspaceOf(request), id),
        (condition) => scorecards.delete(changeOf(request), id, condition),
      );
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/scorecards/import',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'importScorecards',
        tags: ['Scorecards'],
        summary: 'Create or update many scorecards',
        description: 'Fields that are absent stay as they are. All of it happens, or nothing.',
        body: importBody,
        response: { 200: imported },
      },
    },
    async (request) => {
      const { scorecards: given, portfolio } = request.body;
      if (portfolio !== undefined && (await portfolios.get(workspaceOf(request), portfolio)) === undefined) {
        throw invalid('The body', [{ path: 'portfolio', message: `there is no portfolio "${portfolio}"` }]);
      }
      const result = await scorecards.import(changeOf(request), given.map(withoutAbsent));
      if (portfolio !== undefined) {
        const ids = given.map(({ id }) => id);
        await portfolios.addMembers(changeOf(request), portfolio, ids);
      }
      return result;
    },
  );
}

/** Zod gives a field that is absent as one that is undefined. */
function withoutAbsent({ id, domain, mine, followed }: z.output<typeof importedScorecard>) {
  return {
    id,
    ...(domain !== undefined && { domain }),
    ...(mine !== undefined && { mine }),
    ...(followed !== undefined && { followed }),
  };
}
