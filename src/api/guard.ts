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
    request.caller = await authenticate(keys, request.headers.authorization);
  });
  await limitRate(app, requestsPerSecond);
  app.addHook('onRequest', async ({ caller, routeOptions }) => {
    authorise(caller, routeOptions.config.access);
  });
}
