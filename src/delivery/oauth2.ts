import { createPrivateKey, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { CredentialUnusableError, type EgressProxy, type Versioned } from '../destinations/call-settings';
import type { OAuth2Credential, TlsCredential } from '../destinations/credential';
import type { FailedAttempt, KeptBody } from '../shared/called-webhook';
import { basicAuthorization } from './authorization';
import { keptText } from './kept-text';
import type { WebhookSender } from './send';

/** A credential whose token is wanted, and the way to its endpoint. */
export interface TokenAccess extends Versioned<OAuth2Credential> {
  workspace: string;
  /** Of the destination; goes to the token endpoint as well if that is among its origins. */
  tls?: Versioned<TlsCredential> | undefined;
  proxy?: EgressProxy | undefined;
}

export interface AccessToken {
  token: string;
  /** From the moment of the request. Milliseconds. */
  livesMs: number;
}

/** How long a token lives of which the endpoint does not say it (RFC 6749 leaves that open). Milliseconds. */
const UNTOLD_LIFE_MS = 5 * 60_000;

/** How long an assertion can be used, which is used at once: the two clocks may differ. Seconds. */
const ASSERTION_LIFE_S = 300;

/**
 * Asks for a token with the client's own credentials (RFC 6749, 4.4).
 *
 * @param timeoutMs for all of it
 * @throws CredentialUnusableError that says why there is none, e.g. `OAuth2 token endpoint: 401 invalid_client`
 */
export async function requestToken(
  sender: WebhookSender,
  { workspace, id, credential, tls, proxy }: TokenAccess,
  timeoutMs: number,
): Promise<AccessToken> {
  const { token_url: url, scope, audience } = credential;
  const client = await clientAuthentication(id, credential);
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope !== undefined && { scope }),
    ...(audience !== undefined && { audience }),
    ...client.form,
  });
  const result = await sender.send({
    url,
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...client.headers,
    },
    body: form.toString(),
    onOversize: 'fail',
    workspace,
    ...(tls?.credential.origins.includes(new URL(url).origin) && { tls }),
    proxy,
    secrets: client.secrets,
    timeoutMs,
  });
  if (!result.delivered) throw noToken(failureOf(result.attempt));
  return tokenIn(result.attempt.response.body);
}

interface ClientAuthentication {
  headers?: Record<string, string>;
  form?: Record<string, string>;
  secrets: string[];
}

async function clientAuthentication(id: string, credential: OAuth2Credential): Promise<ClientAuthentication> {
  const { client_id, client_secret = '', authentication } = credential;
  switch (authentication) {
    case 'client_secret_basic':
      // RFC 6749, 2.3.1: both are form-encoded first.
      return basicAuthorization(formEncoded(client_id), formEncoded(client_secret));
    case 'client_secret_post':
      return { form: { client_id, client_secret }, secrets: [client_secret, formEncoded(client_secret)] };
    case 'private_key_jwt': {
      const assertion = await clientAssertion(id, credential);
      return {
        form: {
          client_id,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
        },
        secrets: [assertion],
      };
    }
  }
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

/** RFC 7523, 2.2 and 3. */
async function clientAssertion(id: string, credential: OAuth2Credential): Promise<string> {
  const { client_id, token_url, private_key = '', algorithm = 'RS256', key_id } = credential;
  try {
    return await new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: algorithm, typ: 'JWT', ...(key_id !== undefined && { kid: key_id }) })
      .setIssuer(client_id)
      .setSubject(client_id)
      .setAudience(token_url)
      .setIssuedAt()
      .setExpirationTime(`${ASSERTION_LIFE_S} s`)
      .sign(createPrivateKey(private_key));
  } catch {
    // What the error says may quote the key.
    throw new CredentialUnusableError(`the private key of credential ${id} cannot sign with ${algorithm}`);
  }
}

function noToken(why: string): CredentialUnusableError {
  return new CredentialUnusableError(`OAuth2 token endpoint: ${why}`);
}

/** The status with the endpoint's own word (RFC 6749, 5.2), when it gave one; otherwise what the network said. */
function failureOf({ status, excerpt = '', error }: FailedAttempt): string {
  const word = property(jsonOf(excerpt), 'error');
  return status !== undefined && typeof word === 'string' && ERROR_WORD.test(word)
    ? `${status} ${word}`
    : error;
}

/** Words, not whatever else an endpoint puts there. */
const ERROR_WORD = /^[\w.:/-]{1,100}$/;

/** What may stand in a header as it is. */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;

function tokenIn(body: KeptBody): AccessToken {
  const answer = jsonOf(keptText(body));
  const token = property(answer, 'access_token');
  if (typeof token !== 'string' || !TOKEN.test(token)) throw noToken('no access_token in the answer');
  const type = property(answer, 'token_type') ?? 'bearer';
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer')
    throw noToken('the token is not a bearer token');
  // A number, though some endpoints write it as text.
  const seconds = Number(property(answer, 'expires_in') ?? NaN);
  return { token, livesMs: Number.isNaN(seconds) ? UNTOLD_LIFE_MS : Math.max(0, seconds) * 1_000 };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
