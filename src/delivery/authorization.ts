import type { HttpCredential, OAuth2Credential } from '../destinations/credential';

/** What a request carries so that its receiver knows who calls. */
export interface Authorization {
  /** Names in lower case. */
  headers: Record<string, string>;
  /** What a receiver could say back, and must then be masked. */
  secrets: string[];
}

/** The authorization that a credential is by itself, without asking anybody. */
export function authorizationOf(credential: Exclude<HttpCredential, OAuth2Credential>): Authorization {
  switch (credential.kind) {
    case 'basic':
      return basicAuthorization(credential.username, credential.password);
    case 'bearer':
      return bearerAuthorization(credential.token);
    case 'api_key':
      return {
        headers: { [credential.header.toLowerCase()]: credential.value },
        secrets: [credential.value],
      };
  }
}

/** RFC 7617, in UTF-8. */
export function basicAuthorization(username: string, password: string): Authorization {
  const encoded = Buffer.from(`${username}:${password}`).toString('base64');
  return { headers: { authorization: `Basic ${encoded}` }, secrets: [password, encoded] };
}

/** RFC 6750. */
export function bearerAuthorization(token: string): Authorization {
  return { headers: { authorization: `Bearer ${token}` }, secrets: [token] };
}
