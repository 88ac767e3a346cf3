import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf, workspaceOf } from '../auth';
import { changeHeaders, etagOf, ifItMatches, putHeaders } from '../etag';
import { idPageQuery, pageFrom, pageOf } from '../page';
import { invalid, problems, RequestProblem } from '../problem';
import { byId } from '../schemas/ids';
import { rule, ruleAnswer, ruleBody, ruleDocumentOf, ruleReplacement } from '../schemas/rule';
import type { ApiDependencies } from '../server';
import { answerOne } from '../versioned';
import { uncallableSteps } from '../../destinations/uncallable';
import type { JsonObject } from '../../shared/json';
import { AlreadyExistsError } from '../../store/errors';

export function ruleRoutes(app: ApiApp, { store: { rules }, urlCheck, releaseHeld }: ApiDependencies): void {
  /** @throws RequestProblem 422 with the path of each URL that would not be called */
  const onlyCallable = async (document: JsonObject): Promise<JsonObject> => {
    const uncallable = await uncallableSteps(urlCheck, [{ at: [], document }]);
    if (uncallable.length > 0) throw invalid('The rule', uncallable);
    return document;
  };

  app.get(
    '/v1/rules',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listRules',
        tags: ['Rules'],
        summary: 'List rules',
        querystring: idPageQuery,
        response: { 200: pageOf(rule) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const rows = await rules.list(workspaceOf(request), { after: cursor, limit: limit + 1 });
      return pageFrom(rows, limit, ({ id }) => id, ruleAnswer);
    },
  );

  app.post(
    '/v1/rules',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'createRule',
        tags: ['Rules'],
        summary: 'Create a rule',
        body: ruleBody,
        response: { 201: rule, ...problems(409) },
      },
    },
    async (request, reply) => {
      const document = await onlyCallable(ruleDocumentOf(request.body));
      const created = await rules.create(changeOf(request), document);
      return reply
        .code(201)
        .headers({ location: `/v1/rules/${created.id}`, etag: etagOf(created) })
        .send(ruleAnswer(created));
    },
  );

  app.get(
    '/v1/rules/:id',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getRule',
        tags: ['Rules'],
        summary: 'Get a rule',
        params: byId,
        response: { 200: rule, ...problems(404) },
      },
    },
    async (request, reply) => {
      const found = await rules.get(workspaceOf(request), request.params.id);
      return answerOne(reply, found, 'rule', ruleAnswer);
    },
  );

  app.put(
    '/v1/rules/:id',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'replaceRule',
        tags: ['Rules'],
        summary: 'Replace a rule',
        description:
          'It must be there (404), so that a rule that somebody deleted does not come back by an edit; ' +
          'with `If-None-Match: *` it must not be there (412), and is created.',
        params: byId,
        headers: putHeaders,
        body: ruleReplacement,
        response: { 200: rule, 201: rule, ...problems(404, 412) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const document = await onlyCallable(ruleDocumentOf(request.body, id));
      if (request.headers['if-none-match'] !== undefined) {
        const created = await rules.create(changeOf(request), document).catch(asFailedPrecondition);
        reply.code(201).header('location', `/v1/rules/${id}`);
        return answerOne(reply, created, 'rule', ruleAnswer);
      }
      const replaced = await ifItMatches(
        request.headers['if-match'],
        () => rules.get(workspaceOf(request), id),
        (condition) => rules.replace(changeOf(request), id, document, condition),
      );
      return answerOne(reply, replaced, 'rule', ruleAnswer);
    },
  );

  app.delete(
    '/v1/rules/:id',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'deleteRule',
        tags: ['Rules'],
        summary: 'Delete a rule',
        description:
          'What it has started ends as abandoned: what is held or waits for a retry, within minutes; what is paused, ' +
          'once it is resumed.',
        params: byId,
        headers: changeHeaders,
        response: { 204: z.null(), ...problems(404, 412) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await ifItMatches(
        request.headers['if-match'],
        () => rules.get(workspaceOf(request), id),
        (condition) => rules.delete(changeOf(request), id, condition),
      );
      const { workspace, actor: by } = changeOf(request);
      await releaseHeld({ workspace, by, which: { ruleId: id }, endsRetries: true });
      return reply.code(204).send(null);
    },
  );
}

/** "Only if there is none" did not hold. */
function asFailedPrecondition(error: unknown): never {
  if (error instanceof AlreadyExistsError) throw new RequestProblem('precondition-failed', error.message);
  throw error;
}
