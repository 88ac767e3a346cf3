import { z } from 'zod';
import type { ApiApp } from '../app';
import { authenticate, callerOf, changeOf, SIGNING_IN, scopesOf, type Caller } from '../auth';
import { FailedSignIns } from '../failed-sign-ins';
import { problems, RequestProblem } from '../problem';
import { originOf } from '../same-origin';
import type { ApiDependencies, ApiSettings } from '../server';
import { csrfTokenOf, hashOfToken, makeToken } from '../session-token';
import { sessionCookieFor } from '../session-cookie';
import { version } from '../version';
import { NotFoundError } from '../../store/errors';
import type { Session } from '../../store/session-store';

const session = z
  .object({
    key: z
      .object({ id: z.string(), name: z.string() })
      .meta({ description: 'The API key that it is bound to.' }),
    role: z.enum(['admin', 'editor', 'viewer']),
    scopes: z.array(z.string()).meta({ description: 'What it may do.' }),
    workspace: z.string(),
    csrf_token: z
      .string()
      .nullable()
      .meta({ description: '`X-CSRF-Token` of all that changes something. Null: asked with a key.' }),
    expires_at: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Unless it is used before. Null: as above.' }),
    version: z.string().meta({ description: 'Of the service.' }),
    temporal_ui: z.string().nullable().meta({ description: 'The namespace in Temporal’s UI.' }),
  })
  .meta({ id: 'Session', description: 'Who is signed in to the dashboard.' });

const credentials = z
  .strictObject({
    key: z.string().max(200).optional().meta({ description: 'An API key.' }),
    token: z.string().max(200).optional().meta({ description: 'Of a link that signs in once.' }),
  })
  .refine(({ key, token }) => (key === undefined) !== (token === undefined), 'must have either key or token');

const link = z
  .object({
    url: z
      .string()
      .meta({ description: 'Signs in whoever opens it first. No log has what follows its `#`.' }),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'SessionLink' });

/** Signing in to the dashboard. */
export function sessionRoutes(
  app: ApiApp,
  { store: { apiKeys, sessions } }: ApiDependencies,
  { publicUrl, temporalUi }: Pick<ApiSettings, 'publicUrl' | 'temporalUi'>,
): void {
  const cookie = sessionCookieFor(publicUrl);
  const failures = new FailedSignIns(() => performance.now());

  const answerOf = (caller: Caller): z.input<typeof session> => ({
    key: { id: caller.keyId, name: caller.keyName },
    // No other may sign in, or see this.
    role: caller.role as 'admin' | 'editor' | 'viewer',
    scopes: scopesOf(caller),
    workspace: caller.workspace,
    csrf_token: caller.session === undefined ? null : csrfTokenOf(caller.session.token),
    expires_at: caller.session?.expiresAt ?? null,
    version: version(),
    temporal_ui: temporalUi ?? null,
  });

  /** @returns undefined when the key or the link is none that is valid. @throws RequestProblem 403 for keys that see nothing */
  async function begin(
    given: z.output<typeof credentials>,
    token: string,
    address: string,
  ): Promise<Session | undefined> {
    const begun = { hash: hashOfToken(token) ?? '', address, now: new Date() };
    const linkHash = hashOfToken(given.token);
    if (given.key === undefined) {
      return linkHash === undefined ? undefined : sessions.redeem(linkHash, begun);
    }
    const owner = await authenticate(apiKeys, `Bearer ${given.key}`);
    if (owner === undefined) return undefined;
    assertSees(owner);
    try {
      return await sessions.begin(changeOf({ caller: owner }), { ...begun, keyId: owner.keyId });
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  app.post(
    '/session',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'signIn',
        tags: ['Session'],
        summary: 'Sign in to the dashboard, with an API key or the token of a link',
        description:
          'Answers with a cookie. A session lasts 7 days, 12 hours unless it is used, and no longer than its key. ' +
          'Each new one is another, and ends the one before.',
        body: credentials,
        response: { 200: session, ...problems(401, 403, 503) },
      },
    },
    async (request, reply) => {
      if (originOf(request) === 'other') {
        throw new RequestProblem('forbidden', 'Only pages of this service may sign in.');
      }
      failures.check(request.ip);
      const token = makeToken();
      const begun = await begin(request.body, token, request.ip);
      if (begun === undefined) {
        failures.add(request.ip);
        throw new RequestProblem('unauthenticated', 'This key or link is not valid, or not any more.');
      }
      const before = hashOfToken(cookie.read(request.headers.cookie));
      if (before !== undefined) await sessions.end(before, request.ip);
      const { id, name, workspace, role } = begun.key;
      const caller = { keyId: id, keyName: name, workspace, role };
      reply.headers({ 'set-cookie': cookie.set(token), 'cache-control': 'no-store' });
      return answerOf({ ...caller, session: { token, expiresAt: begun.expiresAt } });
    },
  );

  app.get(
    '/session',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getSession',
        tags: ['Session'],
        summary: 'Who is signed in, and what that may do',
        response: { 200: session },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return answerOf(callerOf(request));
    },
  );

  app.delete(
    '/session',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'signOut',
        tags: ['Session'],
        summary: 'Sign out of the dashboard',
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const hash = hashOfToken(callerOf(request).session?.token);
      if (hash !== undefined) await sessions.end(hash, request.ip);
      return reply.code(204).header('set-cookie', cookie.clear()).send(null);
    },
  );

  app.post(
    '/v1/session-links',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'createSessionLink',
        tags: ['Session'],
        summary: 'Make a link that signs in to the dashboard once, within 5 minutes',
        description: 'With a key alone, not with a session: that would outlive itself.',
        response: { 201: link },
      },
    },
    async (request, reply) => {
      const { keyId, session: signedIn } = callerOf(request);
      if (signedIn !== undefined) throw new RequestProblem('forbidden', 'A link is made with an API key.');
      const token = makeToken();
      const made = await sessions.addLink(changeOf(request), {
        hash: hashOfToken(token) ?? '',
        keyId,
        address: request.ip,
        now: new Date(),
      });
      // Where nothing else is set, the way by which it was asked for leads to the dashboard too.
      const base = publicUrl ?? `${request.protocol}://${request.host}`;
      reply.code(201).header('cache-control', 'no-store');
      return reply.send({ url: `${base}/sign-in#token=${token}`, expires_at: made.expiresAt });
    },
  );
}

/** @throws RequestProblem 403 */
function assertSees({ role }: Caller): void {
  if (SIGNING_IN.includes(role)) return;
  throw new RequestProblem('forbidden', `A key of the role ${role} sees nothing, so it cannot sign in.`);
}
