import { z } from 'zod';
import { MAX_URL_LENGTH } from '../shared/limits';
import { parseUrl } from '../shared/parse-url';

/** An absolute http(s) URL in WHATWG normal form, without a fragment (which no request carries). */
export const webhookUrlSchema = z
  .string()
  .max(MAX_URL_LENGTH)
  .transform((text, context) => {
    const url = parseUrl(text);
    if (url === undefined) {
      context.addIssue('must be an absolute URL, such as https://example.com/hook');
      return z.NEVER;
    }
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
      context.addIssue('must begin with https:// or http://');
      return z.NEVER;
    }
    if (url.username !== '' || url.password !== '') {
      context.addIssue(
        'must not contain a user or password: URLs are shown to people, so put credentials elsewhere',
      );
      return z.NEVER;
    }
    url.hash = '';
    // Escapes and punycode can make it longer than what was written.
    if (url.href.length > MAX_URL_LENGTH) {
      context.addIssue(`must not be longer than ${MAX_URL_LENGTH} characters once escaped`);
      return z.NEVER;
    }
    return url.href;
  });
