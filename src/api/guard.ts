import type { FastifyRequest } from 'fastify';
import type { ApiApp } from './app';
import { authenticate, authorise } from './auth';
import { limitRate } from './rate-limit';
import type { ApiKeys } from '../store/store';

/** What every request passes before anything of it is read: whose it is, how many there were, and whether it may. */
export async function guard(
  app: ApiApp,
  keys: Pick<ApiKeys, 'find'>,
  requestsPerSecond: number,
): Promise<void> {
  app.decorateRequest('caller', undefined);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (request.routeOptions.config.access === 'public') return;
    request.caller = await authenticate(keys, authorizationOf(request));
  });
  await limitRate(app, requestsPerSecond);
  app.addHook('onRequest', async ({ caller, routeOptions }) => {
    authorise(caller, routeOptions.config.access);
  });
}

function authorizationOf({ routeOptions, params, headers }: FastifyRequest): string | undefined {
  if (routeOptions.config.keyInAddress !== true) return headers.authorization;
  return `Bearer ${(params as { key: string }).key}`;
}
