import type { FastifyRequest } from 'fastify';

/** A key in an address of the codec; see `routes/payload-codec`. */
const KEY_IN_ADDRESS = /(?<=\/temporal\/codec\/)(?!(?:encode|decode)(?:$|\?))[^/?]+/;

/** What the log has of a request: Fastify's own choice, without a key that the address may hold. */
export function loggedRequest({ method, url, host, ip, socket }: FastifyRequest) {
  return {
    method,
    url: url.replace(KEY_IN_ADDRESS, '[redacted]'),
    host,
    remoteAddress: ip,
    ...(socket.remotePort !== undefined && { remotePort: socket.remotePort }),
  };
}
