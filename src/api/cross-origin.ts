import type { ApiApp } from './app';
import { parseUrl } from '../shared/parse-url';

/** What a browser's page of another origin may send: what Temporal's UI does. */
const HEADERS = 'authorization, authorization-extras, content-type, x-namespace';

/** How long a browser need not ask again. Seconds. */
const MAX_AGE = 600;

/**
 * Reads origins (`https://temporal.example.com`), separated by commas.
 *
 * @throws Error that names what is none
 */
export function parseOrigins(text: string): string[] {
  return text.split(',').map((each) => {
    const origin = each.trim();
    if (!/^https?:/.test(origin) || parseUrl(origin)?.origin !== origin) {
      throw new Error(`"${origin}" is no origin such as https://temporal.example.com`);
    }
    return origin;
  });
}

/**
 * Lets pages of some origins, and no others, ask what is below a path. A page of the Temporal UI in the Internet may ask a
 * service in a private network, where the browser asks whether it may.
 *
 * Must come before what refuses requests: a browser shows nothing of a refusal without these headers, and asks first without a key.
 */
export function allowOrigins(app: ApiApp, path: string, origins: readonly string[]): void {
  app.addHook('onRequest', async ({ url, method, headers }, reply) => {
    if (!url.startsWith(path)) return;
    reply.header('vary', 'origin');
    const { origin } = headers;
    if (origin === undefined || !origins.includes(origin)) return;
    reply.headers({
      'access-control-allow-origin': origin,
      // For the cookies of whatever stands before this service; it has none itself.
      'access-control-allow-credentials': 'true',
    });
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return;
    if (headers['access-control-request-private-network'] === 'true') {
      reply.header('access-control-allow-private-network', 'true');
    }
    return reply
      .headers({
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': HEADERS,
        'access-control-max-age': String(MAX_AGE),
      })
      .code(204)
      .send();
  });
}
