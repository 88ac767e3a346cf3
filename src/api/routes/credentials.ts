import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf, workspaceOf } from '../auth';
import { changeHeaders, ifItMatches, putHeaders } from '../etag';
import { idPageQuery, pageFrom, pageOf } from '../page';
import { invalid, problems } from '../problem';
import {
  completeCredential,
  credential,
  credentialAnswer,
  credentialBody,
  urlsOf,
  writtenCredentialOf,
} from '../schemas/credential';
import { byId } from '../schemas/ids';
import type { ApiDependencies } from '../server';
import { answerOne, answerPut, putOne } from '../versioned';
import { uncallableUrls } from '../../destinations/uncallable';
import { slug } from '../../rules/text';

export function credentialRoutes(app: ApiApp, { store: { credentials }, urlCheck }: ApiDependencies): void {
  app.get(
    '/v1/credentials',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listCredentials',
        tags: ['Credentials'],
        summary: 'List credentials',
        querystring: idPageQuery,
        response: { 200: pageOf(credential) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const rows = await credentials.list(workspaceOf(request), { after: cursor, limit: limit + 1 });
      return pageFrom(rows, limit, ({ id }) => id, credentialAnswer);
    },
  );

  app.get(
    '/v1/credentials/:id',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getCredential',
        tags: ['Credentials'],
        summary: 'Get a credential, without its secrets',
        params: byId,
        response: { 200: credential, ...problems(404) },
      },
    },
    async (request, reply) => {
      const found = await credentials.get(workspaceOf(request), request.params.id);
      return answerOne(reply, found, 'credential', credentialAnswer);
    },
  );

  app.put(
    '/v1/credentials/:id',
    {
      config: { access: 'administer' },
      schema: {
        operationId: 'putCredential',
        tags: ['Credentials'],
        summary: 'Create or replace a credential',
        description:
          'Secret fields that are left out stay as they are while the kind stays, they are of use, and they go nowhere ' +
          'that they did not go before (`origins`, `token_url`); null takes one away. They are never shown. Not when a rule or destination names it that it would not fit any more (409).',
        params: z.strictObject({ id: slug }),
        headers: putHeaders,
        body: credentialBody,
        response: { 200: credential, 201: credential, ...problems(409, 412) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const written = writtenCredentialOf(request.body, id);
      const uncallable = await uncallableUrls(urlCheck, urlsOf(written));
      if (uncallable.length > 0) throw invalid('The credential', uncallable);
      const put = await putOne(
        request.headers,
        () => credentials.get(workspaceOf(request), id),
        (condition) => credentials.put(changeOf(request), id, written, completeCredential, condition),
      );
      return answerPut(reply, put, `/v1/credentials/${id}`, credentialAnswer);
    },
  );

  app.delete(
    '/v1/credentials/:id',
    {
      config: { access: 'administer' },
      schema: {
        operationId: 'deleteCredential',
        tags: ['Credentials'],
        summary: 'Delete a credential',
        description: 'Not while a rule or a destination names it (409).',
        params: byId,
        headers: changeHeaders,
        response: { 204: z.null(), ...problems(404, 409, 412) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await ifItMatches(
        request.headers['if-match'],
        () => credentials.get(workspaceOf(request), id),
        (condition) => credentials.delete(changeOf(request), id, condition),
      );
      return reply.code(204).send(null);
    },
  );
}
