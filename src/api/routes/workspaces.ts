import { z } from 'zod';
import { makeApiKey } from '../api-key';
import type { ApiApp } from '../app';
import { changeOf } from '../auth';
import { idPageQuery, pageFrom, pageOf } from '../page';
import { problems } from '../problem';
import type { ApiDependencies } from '../server';
import { lineOfText, slug } from '../../rules/text';
import { MAX_NAME_LENGTH } from '../../shared/limits';
import type { Workspace } from '../../store/store';

const workspace = z
  .object({ id: z.string(), name: z.string(), created_at: z.iso.datetime() })
  .meta({ id: 'Workspace', description: 'Rules, groups, events and keys that are nobody else’s.' });

const createdWorkspace = workspace
  .extend({
    key: z.string().meta({ description: 'Its first key, of an admin: shown here, and never again.' }),
  })
  .meta({ id: 'CreatedWorkspace', description: 'A new workspace.' });

export function workspaceRoutes(app: ApiApp, { store: { workspaces } }: ApiDependencies): void {
  app.get(
    '/v1/workspaces',
    {
      config: { access: 'operate' },
      schema: {
        operationId: 'listWorkspaces',
        tags: ['Workspaces'],
        summary: 'List workspaces',
        querystring: idPageQuery,
        response: { 200: pageOf(workspace) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const rows = await workspaces.list({ after: cursor, limit: limit + 1 });
      return pageFrom(rows, limit, ({ id }) => id, answerOf);
    },
  );

  app.post(
    '/v1/workspaces',
    {
      config: { access: 'operate' },
      schema: {
        operationId: 'createWorkspace',
        tags: ['Workspaces'],
        summary: 'Create a workspace, and its first key',
        body: z.strictObject({ id: slug, name: lineOfText(MAX_NAME_LENGTH) }),
        response: { 201: createdWorkspace, ...problems(409) },
      },
    },
    async (request, reply) => {
      const { id, key, hash } = makeApiKey();
      const firstKey = { id, name: 'First admin key', role: 'admin', hash } as const;
      const created = await workspaces.create(changeOf(request), request.body, firstKey);
      return reply
        .code(201)
        .headers({ location: '/v1/workspaces', 'cache-control': 'no-store' })
        .send({ ...answerOf(created), key });
    },
  );
}

function answerOf({ id, name, createdAt }: Workspace): z.input<typeof workspace> {
  return { id, name, created_at: createdAt };
}
