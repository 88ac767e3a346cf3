import { parseUrl } from '../shared/parse-url';
import type { EgressProxy } from './call-settings';

/**
 * The URL of a proxy as people write it, `http://user:password@host:port` or `https://…`, taken apart: its `url` has no
 * credentials in it.
 *
 * @throws Error that says what is wrong, and quotes nothing: a password may stand in the text
 */
export function parseProxyUrl(text: string): Pick<EgressProxy, 'url' | 'username' | 'password'> {
  const url = parseUrl(text);
  const isProxy =
    url !== undefined &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '';
  if (!isProxy) throw new Error('must be the URL of a proxy, such as http://proxy.example.com:3128');
  const { username, password } = url;
  return {
    url: url.origin,
    ...(username !== '' && { username: decoded(username) }),
    ...(password !== '' && { password: decoded(password) }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('must have the special characters of its user and password escaped, "%" as %25');
  }
}
