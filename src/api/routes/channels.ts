import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf, workspaceOf } from '../auth';
import { changeHeaders, ifItMatches, putHeaders } from '../etag';
import { idPageQuery, pageFrom, pageOf } from '../page';
import { invalid, notFound, problems } from '../problem';
import { channel, channelAnswer, channelBody, channelTest, putChannel } from '../schemas/channel';
import { byId, sameId } from '../schemas/ids';
import type { ApiDependencies } from '../server';
import { answerOne, answerPut, putOne } from '../versioned';
import { uncallableUrls } from '../../destinations/uncallable';
import { slug } from '../../rules/text';

export function channelRoutes(
  app: ApiApp,
  { store: { channels, audit }, urlCheck, tryChannel }: ApiDependencies,
): void {
  app.get(
    '/v1/channels',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listChannels',
        tags: ['Channels'],
        summary: 'List channels',
        querystring: idPageQuery,
        response: { 200: pageOf(channel) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const rows = await channels.list(workspaceOf(request), { after: cursor, limit: limit + 1 });
      return pageFrom(rows, limit, ({ id }) => id, channelAnswer);
    },
  );

  app.get(
    '/v1/channels/:id',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getChannel',
        tags: ['Channels'],
        summary: 'Get a channel, without its URL',
        params: byId,
        response: { 200: channel, ...problems(404) },
      },
    },
    async (request, reply) => {
      const found = await channels.get(workspaceOf(request), request.params.id);
      return answerOne(reply, found, 'channel', channelAnswer);
    },
  );

  app.put(
    '/v1/channels/:id',
    {
      config: { access: 'administer' },
      schema: {
        operationId: 'putChannel',
        tags: ['Channels'],
        summary: 'Create or replace a channel',
        description:
          'Its URL is a secret, and never shown. A new one of the kind `webhook` is given a signing secret, which is shown ' +
          'in this answer alone. Rules name channels in `notify.channels`.',
        params: z.strictObject({ id: slug }),
        headers: putHeaders,
        body: channelBody,
        response: { 200: putChannel, 201: putChannel, ...problems(404, 412) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { kind, name = null, url } = request.body;
      sameId(id, request.body.id);
      const current = () => channels.get(workspaceOf(request), id);
      if (url === undefined && (await current())?.kind !== kind) {
        throw invalid('The body', [{ path: 'url', message: 'is missing: there is none that could stay' }]);
      }
      const uncallable = await uncallableUrls(urlCheck, url === undefined ? [] : [{ path: 'url', url }]);
      if (uncallable.length > 0) throw invalid('The body', uncallable);
      const put = await putOne(request.headers, current, (condition) =>
        channels.put(changeOf(request), { id, kind, name, url }, condition),
      );
      reply.header('cache-control', 'no-store');
      return answerPut(reply, put, `/v1/channels/${id}`, (saved) => ({
        ...channelAnswer(saved),
        signing_secret: saved.secret,
      }));
    },
  );

  app.delete(
    '/v1/channels/:id',
    {
      config: { access: 'administer' },
      schema: {
        operationId: 'deleteChannel',
        tags: ['Channels'],
        summary: 'Delete a channel',
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
        () => channels.get(workspaceOf(request), id),
        (condition) => channels.delete(changeOf(request), id, condition),
      );
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/channels/:id/test',
    {
      config: { access: 'administer' },
      schema: {
        operationId: 'testChannel',
        tags: ['Channels'],
        summary: 'Send a test message to a channel now',
        description: 'Answers what came of it, also when it was not taken. It is sent once.',
        params: byId,
        response: { 200: channelTest, ...problems(404) },
      },
    },
    async (request) => {
      const change = changeOf(request);
      const { id } = request.params;
      const opened = await channels.open(change.workspace, id);
      if (opened === undefined) throw notFound('channel');
      const answer = await tryChannel(change.workspace, opened);
      await audit.record(change, 'channel.tested', { type: 'channel', id }, { sent: answer.sent });
      const { sent, status = null, durationMs } = answer;
      return { sent, status, error: answer.sent ? null : answer.error, duration_ms: durationMs };
    },
  );
}
