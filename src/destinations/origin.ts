import { z } from 'zod';
import { MAX_ORIGIN_LENGTH } from '../shared/limits';
import { parseUrl } from '../shared/parse-url';

/**
 * A destination is an origin: the scheme, host and port of the URLs of steps, e.g. `https://hooks.example.com`. Whatever
 * else stands in the text (a path, a query) is refused, as is a user or password.
 */
export const originSchema = z
  .string()
  .max(MAX_ORIGIN_LENGTH)
  .transform((text, context) => {
    const url = parseUrl(text);
    const isOrigin =
      url !== undefined &&
      (url.protocol === 'https:' || url.protocol === 'http:') &&
      url.href === `${url.origin}/` &&
      !text.includes('#');
    if (isOrigin) return url.origin;
    context.addIssue('must be an origin, such as https://hooks.example.com');
    return z.NEVER;
  });
