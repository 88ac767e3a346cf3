import { z } from 'zod';
import type { ApiApp } from '../app';
import { changeOf, workspaceOf } from '../auth';
import { changeHeaders, ifItMatches, putHeaders } from '../etag';
import { invalid, problems } from '../problem';
import { ignored, ignoredStamps, stamps, stampsOf } from '../schemas/stamps';
import type { ApiDependencies } from '../server';
import { answerOne, answerPut, putOne } from '../versioned';
import { egressProxySchema } from '../../destinations/egress-proxy';
import { uncallableUrls } from '../../destinations/uncallable';
import type { EgressProxies } from '../../store/destination-store';

const ADDRESS = '/v1/egress-proxy';

const egressProxy = z
  .object({
    url: z.string(),
    username: z.string().nullable(),
    has_password: z.boolean(),
    no_proxy: z.array(z.string()),
    ...stamps,
  })
  .meta({ id: 'EgressProxy', description: 'The proxy that all calls of the workspace go by.' });

const egressProxyBody = egressProxySchema.safeExtend({ has_password: ignored(), ...ignoredStamps });

export function egressProxyRoutes(
  app: ApiApp,
  { store: { egressProxies }, urlCheck }: ApiDependencies,
): void {
  app.get(
    ADDRESS,
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getEgressProxy',
        tags: ['Egress proxy'],
        summary: 'Get the proxy of the workspace, without its password',
        description: 'Without one (404) its calls go the way that the installation has set.',
        response: { 200: egressProxy, ...problems(404) },
      },
    },
    async (request, reply) => {
      const found = await egressProxies.get(workspaceOf(request));
      return answerOne(reply, found, 'egress proxy', answerOf);
    },
  );

  app.put(
    ADDRESS,
    {
      config: { access: 'administer' },
      schema: {
        operationId: 'putEgressProxy',
        tags: ['Egress proxy'],
        summary: 'Let all calls of the workspace go by a proxy',
        description:
          'A password that is left out stays as it is while `url` and `username` stay. It is never shown.',
        headers: putHeaders,
        body: egressProxyBody,
        response: { 200: egressProxy, 201: egressProxy, ...problems(412) },
      },
    },
    async (request, reply) => {
      const { url, username, password, no_proxy: noProxy } = request.body;
      const uncallable = await uncallableUrls(urlCheck, [{ path: 'url', url: `${url}/` }]);
      if (uncallable.length > 0) throw invalid('The proxy', uncallable);
      const proxy = {
        url,
        noProxy,
        ...(username !== null && { username }),
        ...(password !== undefined && { password }),
      };
      const put = await putOne(
        request.headers,
        () => egressProxies.get(workspaceOf(request)),
        (condition) => egressProxies.put(changeOf(request), proxy, condition),
      );
      return answerPut(reply, put, ADDRESS, answerOf);
    },
  );

  app.delete(
    ADDRESS,
    {
      config: { access: 'administer' },
      schema: {
        operationId: 'deleteEgressProxy',
        tags: ['Egress proxy'],
        summary: 'Let calls go the way that the installation has set',
        headers: changeHeaders,
        response: { 204: z.null(), ...problems(404, 412) },
      },
    },
    async (request, reply) => {
      await ifItMatches(
        request.headers['if-match'],
        () => egressProxies.get(workspaceOf(request)),
        (condition) => egressProxies.delete(changeOf(request), condition),
      );
      return reply.code(204).send(null);
    },
  );
}

function answerOf({
  url,
  username,
  hasPassword,
  noProxy,
  ...stamped
}: NonNullable<Awaited<ReturnType<EgressProxies['get']>>>): z.input<typeof egressProxy> {
  return {
    url,
    username: username ?? null,
    has_password: hasPassword,
    no_proxy: noProxy,
    ...stampsOf(stamped),
  };
}
