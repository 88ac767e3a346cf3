import type { FastifyRequest } from 'fastify';
import { parseUrl } from '../shared/parse-url';

/**
 * Where a request comes from, as its browser says: a page of this service, one of another origin, or unknown, when it is no
 * browser that says so. Browsers send `Sec-Fetch-Site` by https and to this machine alone; `Origin` with all that changes something.
 */
export function originOf({
  headers,
  host,
}: Pick<FastifyRequest, 'headers' | 'host'>): 'own' | 'other' | 'unknown' {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' ? 'own' : 'other';
  const { origin } = headers;
  if (origin === undefined) return 'unknown';
  // The scheme may be another one before a proxy.
  return parseUrl(origin)?.host === host ? 'own' : 'other';
}
