import type { FastifyRequest } from 'fastify';
import type { ApiApp } from './app';
import { authenticate, authorise, type Caller } from './auth';
import { RequestProblem } from './problem';
import { limitRate } from './rate-limit';
import { originOf } from './same-origin';
import type { SessionCookie } from './session-cookie';
import { hashOfToken, isCsrfTokenOf } from './session-token';
import type { Store } from '../store/store';

/** Methods that change nothing. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * What every request passes before anything of it is read: whose it is, how many there were, and whether it may. Its caller has a
 * key, or a session of the dashboard; then what changes something must come from a page of ours, which knows the session.
 */
export async function guard(
  app: ApiApp,
  { apiKeys, sessions }: Pick<Store, 'apiKeys' | 'sessions'>,
  cookie: SessionCookie,
  requestsPerSecond: number,
): Promise<void> {
  app.decorateRequest('caller', undefined);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    const { access, keyInAddress } = request.routeOptions.config;
    if (access === 'public') return;
    const { authorization, cookie: cookies } = request.headers;
    const isKeyed = keyInAddress === true || authorization !== undefined;
    request.caller = isKeyed
      ? await authenticate(apiKeys, authorizationOf(request))
      : await sessionCaller(sessions, cookie.read(cookies));
  });
  await limitRate(app, requestsPerSecond);
  app.addHook('onRequest', async (request) => {
    const { caller, method, routeOptions } = request;
    authorise(caller, routeOptions.config.access);
    const token = caller?.session?.token;
    if (token === undefined || SAFE.has(method)) return;
    if (originOf(request) !== 'own') {
      throw new RequestProblem(
        'forbidden',
        'With a session, only pages of this service may change something.',
      );
    }
    if (!isCsrfTokenOf(token, request.headers['x-csrf-token'])) {
      throw new RequestProblem('forbidden', 'The header X-CSRF-Token is not that of the session.');
    }
  });
}

function authorizationOf({ routeOptions, params, headers }: FastifyRequest): string | undefined {
  if (routeOptions.config.keyInAddress !== true) return headers.authorization;
  return `Bearer ${(params as { key: string }).key}`;
}

/** @throws StoreAwayError */
async function sessionCaller(
  sessions: Pick<Store['sessions'], 'use'>,
  token: string | undefined,
): Promise<Caller | undefined> {
  const hash = hashOfToken(token);
  const session = hash === undefined ? undefined : await sessions.use(hash, new Date());
  if (token === undefined || session === undefined) return undefined;
  const { id, name, workspace, role } = session.key;
  return { keyId: id, keyName: name, workspace, role, session: { token, expiresAt: session.expiresAt } };
}
