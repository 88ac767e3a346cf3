import { SESSION_MS } from '../shared/limits';

/** @param publicUrl where people open the service; absent: not known, so perhaps by http */
export function sessionCookieFor(publicUrl: string | undefined): SessionCookie {
  const { protocol, pathname } = new URL(publicUrl ?? 'http://localhost');
  return new SessionCookie(protocol === 'https:', pathname);
}

/**
 * The cookie of a session. Browsers keep `__Host-` ones from whoever else has a name below the same domain, and take them by https
 * alone. Below a path there are none of those: there the cookie is kept from what else this host serves.
 */
export class SessionCookie {
  private readonly name: string;
  private readonly attributes: string;

  /** @param isSecure whether people open the service by https. @param path below which they do */
  constructor(isSecure: boolean, path: string) {
    const prefix = path === '/' ? '__Host-' : '__Secure-';
    this.name = `${isSecure ? prefix : ''}rw_session`;
    this.attributes = `Path=${path}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  }

  /** `Set-Cookie` that gives a browser its session. */
  set(token: string): string {
    return `${this.name}=${token}; Max-Age=${SESSION_MS / 1_000}; ${this.attributes}`;
  }

  /** `Set-Cookie` that takes it away. */
  clear(): string {
    return `${this.name}=; Max-Age=0; ${this.attributes}`;
  }

  /** The session's token that a `Cookie` header has. Of two by this name, neither: one of them is not ours. */
  read(header: string | undefined): string | undefined {
    const found = (header ?? '').split(';').flatMap((pair) => {
      const [name = '', ...value] = pair.split('=');
      return name.trim() === this.name ? [value.join('=').trim()] : [];
    });
    return found.length === 1 ? found[0] : undefined;
  }
}
