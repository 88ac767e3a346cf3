import { z } from 'zod';
import { parseNoProxy } from './no-proxy';
import { originSchema } from './origin';
import { lineOfText } from '../rules/text';
import { MAX_NAME_LENGTH, MAX_NO_PROXY_HOSTS, MAX_SCORECARD_LENGTH } from '../shared/limits';

const noControls = z
  .string()
  .min(1)
  .max(MAX_NAME_LENGTH)
  .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters');

/** An entry of NO_PROXY: `example.com` and all below it, `10.0.0.0/8`, each perhaps with a port. */
const directTarget = lineOfText(MAX_SCORECARD_LENGTH).refine(
  isNoProxyEntry,
  'must be a host, an address or a network such as 10.0.0.0/8',
);

/** The proxy of a workspace as people write it. */
export const egressProxySchema = z
  .strictObject({
    /** `http://host:port` or `https://host:port`; its credentials stand beside it. */
    url: originSchema,
    /** RFC 7617: no colon. */
    username: noControls
      .regex(/^[^:]*$/, 'must not contain a colon')
      .nullable()
      .default(null),
    password: noControls.optional(),
    /** Hosts that are called directly. */
    no_proxy: z.array(directTarget).max(MAX_NO_PROXY_HOSTS).default([]),
  })
  .refine(({ username, password }) => password === undefined || username !== null, {
    path: ['password'],
    message: 'must not be without a username',
  });

function isNoProxyEntry(text: string): boolean {
  try {
    return parseNoProxy([text]).length === 1;
  } catch {
    return false;
  }
}
