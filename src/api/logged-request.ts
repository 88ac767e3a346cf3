import type { FastifyRequest } from 'fastify';

/** A key in an address of the codec, and what is as good as one in a link of a mail; see `routes/payload-codec`, `retry-page`. */
const KEY_IN_ADDRESS = /(?<=\/temporal\/codec\/)(?!(?:encode|decode)(?:$|\?))[^/?]+|(?<=^\/retry\/)[^/?]+/;

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
