import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf, workspaceOf } from '../auth';
import { changeHeaders, ifItMatches, putHeaders } from '../etag';
import { idPageQuery, pageFrom, pageOf } from '../page';
import { problems } from '../problem';
import type { ApiDependencies } from '../server';
import { byId, idParam, sameId } from '../schemas/ids';
import { ignoredStamps, stamps, stampsOf } from '../schemas/stamps';
import { answerOne, answerPut, putOne } from '../versioned';
import { isMailAddress } from '../../shared/mail-address';
import { MAX_NAME_LENGTH } from '../../shared/limits';
import { lineOfText, slug } from '../../rules/text';
import type { Stamped } from '../../store/record';
import type { Member } from '../../store/store';

const member = z
  .object({ id: z.string(), name: z.string(), email: z.string(), ...stamps })
  .meta({ id: 'Member', description: 'Somebody who owns rules.' });

const memberBody = z.strictObject({
  id: idParam.optional(),
  name: lineOfText(MAX_NAME_LENGTH),
  email: z.string().refine(isMailAddress, 'is not an e-mail address'),
  ...ignoredStamps,
});

export function memberRoutes(app: ApiApp, { store: { members } }: ApiDependencies): void {
  app.get(
    '/v1/members',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listMembers',
        tags: ['Members'],
        summary: 'List members',
        querystring: idPageQuery,
        response: { 200: pageOf(member) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const rows = await members.list(workspaceOf(request), { after: cursor, limit: limit + 1 });
      return pageFrom(rows, limit, ({ id }) => id, answerOf);
    },
  );

  app.get(
    '/v1/members/:id',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getMember',
        tags: ['Members'],
        summary: 'Get a member',
        params: byId,
        response: { 200: member, ...problems(404) },
      },
    },
    async (request, reply) => {
      const found = await members.get(workspaceOf(request), request.params.id);
      return answerOne(reply, found, 'member', answerOf);
    },
  );

  app.put(
    '/v1/members/:id',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'putMember',
        tags: ['Members'],
        summary: 'Create or replace a member',
        params: z.strictObject({ id: slug }),
        headers: putHeaders,
        body: memberBody,
        response: { 200: member, 201: member, ...problems(412) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { name, email } = request.body;
      sameId(id, request.body.id);
      const put = await putOne(
        request.headers,
        () => members.get(workspaceOf(request), id),
        (condition) => members.put(changeOf(request), { id, name, email }, condition),
      );
      return answerPut(reply, put, `/v1/members/${id}`, answerOf);
    },
  );

  app.delete(
    '/v1/members/:id',
    {
      config: { access: 'write' },
      schema: {
        operationId: 'deleteMember',
        tags: ['Members'],
        summary: 'Delete a member',
        description: 'Not while a rule is theirs (409).',
        params: byId,
        headers: changeHeaders,
        response: { 204: z.null(), ...problems(404, 409, 412) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await ifItMatches(
        request.headers['if-match'],
        () => members.get(workspaceOf(request), id),
        (condition) => members.delete(changeOf(request), id, condition),
      );
      return reply.code(204).send(null);
    },
  );
}

function answerOf({ id, name, email, ...stamped }: Member & Stamped): z.input<typeof member> {
  return { id, name, email, ...stampsOf(stamped) };
}
