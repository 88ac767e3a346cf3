import { z } from 'zod';
import { makeApiKey } from '../api-key';
import type { ApiApp } from '../app';
import { callerOf, changeOf, workspaceOf } from '../auth';
import { idPageQuery, pageFrom, pageOf } from '../page';
import { problems, RequestProblem } from '../problem';
import { byId } from '../schemas/ids';
import type { ApiDependencies } from '../server';
import { lineOfText } from '../../rules/text';
import { MAX_NAME_LENGTH } from '../../shared/limits';
import type { ApiKey } from '../../store/api-key-store';

const role = z.enum(['admin', 'editor', 'viewer', 'sender', 'decoder']).meta({
  description:
    '`sender` may only post events; `viewer` sees; `editor` changes too; `admin` also has keys and the audit log. ' +
    '`decoder`, in the default workspace, may only decode Temporal’s payloads.',
});

const apiKey = z
  .object({
    id: z.string(),
    name: z.string(),
    role,
    created_at: z.iso.datetime(),
    created_by: z.string(),
    revoked_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ApiKey', description: 'A key, without what makes it one.' });

const createdApiKey = apiKey
  .extend({ key: z.string().meta({ description: 'The key itself: shown here, and never again.' }) })
  .meta({ id: 'CreatedApiKey', description: 'A new key.' });

export function apiKeyRoutes(app: ApiApp, { store: { apiKeys } }: ApiDependencies): void {
  app.get(
    '/v1/api-keys',
    {
      config: { access: 'administer' },
      schema: {
        operationId: 'listApiKeys',
        tags: ['API keys'],
        summary: 'List keys, revoked ones too',
        querystring: idPageQuery,
        response: { 200: pageOf(apiKey) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const rows = await apiKeys.list(workspaceOf(request), { after: cursor, limit: limit + 1 });
      return pageFrom(rows, limit, ({ id }) => id, answerOf);
    },
  );

  app.post(
    '/v1/api-keys',
    {
      config: { access: 'administer' },
      schema: {
        operationId: 'createApiKey',
        tags: ['API keys'],
        summary: 'Make a key',
        body: z.strictObject({ name: lineOfText(MAX_NAME_LENGTH), role }),
        response: { 201: createdApiKey },
      },
    },
    async (request, reply) => {
      const { id, key, hash } = makeApiKey();
      const created = await apiKeys.create(changeOf(request), { ...request.body, id, hash });
      return reply
        .code(201)
        .headers({ location: `/v1/api-keys/${id}`, 'cache-control': 'no-store' })
        .send({ ...answerOf(created), key });
    },
  );

  app.delete(
    '/v1/api-keys/:id',
    {
      config: { access: 'administer' },
      schema: {
        operationId: 'revokeApiKey',
        tags: ['API keys'],
        summary: 'Revoke a key',
        description:
          'It is refused from then on, and stays in the list. A key cannot revoke itself (409), so that one of an admin always remains.',
        params: byId,
        response: { 204: z.null(), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (id === callerOf(request).keyId) {
        throw new RequestProblem('own-key', 'A key cannot revoke itself; use another one of the role admin.');
      }
      await apiKeys.revoke(changeOf(request), id);
      return reply.code(204).send(null);
    },
  );
}

function answerOf({ id, name, role, createdAt, createdBy, revokedAt }: ApiKey): z.input<typeof apiKey> {
  return { id, name, role, created_at: createdAt, created_by: createdBy, revoked_at: revokedAt };
}
