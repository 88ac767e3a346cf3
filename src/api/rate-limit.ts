import fastifyRateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { ApiApp } from './app';
import { RequestProblem } from './problem';

/**
 * Limits requests for each key; those without a valid one for each address. Counted in this process. Runs as a hook of its
 * own place, because it must know the key: after it is looked at, and before a request without one is refused.
 *
 * @param perSecond 0: no limit
 */
export async function limitRate(app: ApiApp, perSecond: number): Promise<void> {
  if (perSecond === 0) return;
  await app.register(fastifyRateLimit, {
    global: false,
    max: perSecond,
    timeWindow: 1_000,
    allowList: ({ caller, routeOptions: { config } }) =>
      // Whatever watches the service asks here, and must not be told that it is overloaded.
      config.rateLimit === false ||
      // Temporal's UI asks for each event of a page by itself, and shows nothing of what is refused.
      (caller !== undefined && (config.access === 'decode' || config.access === 'decode-only')),
    keyGenerator: ({ caller, ip }) => (caller ? `key/${caller.keyId}` : `address/${normalizeIP(ip)}`),
    errorResponseBuilder: (_request, { max }) =>
      new RequestProblem('too-many-requests', `There may be ${max} requests a second.`),
  });
  app.addHook('onRequest', app.rateLimit());
}
