import { z } from 'zod';
import { originSchema } from './origin';
import { whyNoCredentialHeader } from '../rules/step-headers';
import { lineOfText } from '../rules/text';
import { webhookUrlSchema } from '../rules/webhook-url';
import type { JsonObject } from '../shared/json';
import { MAX_CREDENTIAL_ORIGINS, MAX_NAME_LENGTH, MAX_PEM_LENGTH, MAX_SECRET_LENGTH } from '../shared/limits';

/** Visible ASCII with spaces between: what may stand in a header as it is. */
const headerText = z
  .string()
  .min(1)
  .max(MAX_SECRET_LENGTH)
  .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, 'must be one line of visible ASCII characters');

const secretText = z
  .string()
  .min(1)
  .max(MAX_SECRET_LENGTH)
  .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters');

const pem = z
  .string()
  .max(MAX_PEM_LENGTH)
  .regex(/^\s*-----BEGIN [A-Z0-9 ]+-----[\s\S]+-----END [A-Z0-9 ]+-----\s*$/, 'must be in PEM form');

const common = {
  /** For people. */
  name: lineOfText(MAX_NAME_LENGTH).nullable().default(null),
  /** Where it may be sent: a rule that names it for another origin is refused, and a call to another one is never made. */
  origins: z.array(originSchema).min(1).max(MAX_CREDENTIAL_ORIGINS),
};

const basic = z.strictObject({
  kind: z.literal('basic'),
  ...common,
  /** RFC 7617: no colon. */
  username: secretText.regex(/^[^:]*$/, 'must not contain a colon'),
  password: secretText,
});

const bearer = z.strictObject({ kind: z.literal('bearer'), ...common, token: headerText });

const apiKey = z.strictObject({
  kind: z.literal('api_key'),
  ...common,
  /** The header that carries it, e.g. `x-api-key`. */
  header: z
    .string()
    .max(MAX_NAME_LENGTH)
    .superRefine((name, context) => {
      const reason = whyNoCredentialHeader(name);
      if (reason !== undefined) context.addIssue({ code: 'custom', message: reason });
    }),
  value: headerText,
});

/** OAuth2 client credentials (RFC 6749, 4.4); `private_key_jwt` as in RFC 7523 and OpenID Connect. */
const oauth2 = z.strictObject({
  kind: z.literal('oauth2'),
  ...common,
  token_url: webhookUrlSchema,
  client_id: secretText,
  authentication: z.enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt']),
  client_secret: secretText.optional(),
  private_key: pem.optional(),
  /** Absent: RS256. */
  algorithm: z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']).optional(),
  key_id: lineOfText(MAX_NAME_LENGTH).optional(),
  scope: lineOfText(MAX_NAME_LENGTH * 5).optional(),
  audience: lineOfText(MAX_NAME_LENGTH * 5).optional(),
});

/** A client certificate for mutual TLS, an authority of the receiver's own certificate, or both. */
const tls = z.strictObject({
  kind: z.literal('tls'),
  ...common,
  certificate: pem.optional(),
  private_key: pem.optional(),
  passphrase: secretText.optional(),
  ca: pem.optional(),
});

/** Everything of a credential but what must stand together. */
const anyCredential = z.discriminatedUnion('kind', [basic, bearer, apiKey, oauth2, tls]);

export type CredentialDocument = z.output<typeof anyCredential>;
export type CredentialKind = CredentialDocument['kind'];
/** One that stands in the headers of a request. */
export type HttpCredential = Exclude<CredentialDocument, { kind: 'tls' }>;
export type OAuth2Credential = Extract<CredentialDocument, { kind: 'oauth2' }>;
export type TlsCredential = Extract<CredentialDocument, { kind: 'tls' }>;

/** The fields that are sealed in the store and never shown. */
export const SECRET_FIELDS = [
  'password',
  'token',
  'value',
  'client_secret',
  'private_key',
  'passphrase',
] as const;
export type SecretField = (typeof SECRET_FIELDS)[number];

/** Everything of a credential, its secrets included. What its keys and certificates are is for others to check. */
export const credentialSchema = anyCredential.superRefine((credential, context) => {
  const wrong = whatDoesNotFit(credential);
  for (const [field, message] of wrong) context.addIssue({ code: 'custom', path: [field], message });
});

/**
 * The secret fields that stay as they are when they are left out of what replaces a credential of the same kind: those
 * that the new one still has a use for, and none when they would go to where they did not go before. Whoever sends a secret
 * elsewhere must know it.
 *
 * @param before what is replaced, without its secrets
 */
export function secretsThatMayStay(written: JsonObject, before: JsonObject): readonly SecretField[] {
  const { kind, authentication, certificate, private_key: key } = written;
  if (kind !== before['kind'] || (kind !== 'tls' && goesElsewhere(written, before))) return [];
  if (kind === 'basic') return ['password'];
  if (kind === 'bearer') return ['token'];
  if (kind === 'api_key') return ['value'];
  if (kind === 'oauth2') return [authentication === 'private_key_jwt' ? 'private_key' : 'client_secret'];
  // Of kind "tls". A passphrase belongs to its key.
  return certificate === undefined || typeof key === 'string' ? [] : ['private_key', 'passphrase'];
}

function goesElsewhere({ origins, token_url: tokenUrl }: JsonObject, before: JsonObject): boolean {
  const known = z.array(z.string()).parse(before['origins']);
  const wanted = z.array(originSchema).safeParse(origins);
  const isKnown = wanted.success && wanted.data.every((origin) => known.includes(origin));
  return !isKnown || tokenUrl !== before['token_url'];
}

function whatDoesNotFit(credential: CredentialDocument): [field: string, message: string][] {
  if (credential.kind === 'oauth2') return whatDoesNotFitOAuth2(credential);
  return credential.kind === 'tls' ? whatDoesNotFitTls(credential) : [];
}

function whatDoesNotFitOAuth2(credential: OAuth2Credential): [field: string, message: string][] {
  const { authentication } = credential;
  const [needed, useless] =
    authentication === 'private_key_jwt'
      ? [['private_key'] as const, ['client_secret'] as const]
      : [['client_secret'] as const, ['private_key', 'algorithm', 'key_id'] as const];
  return [
    ...needed
      .filter((field) => credential[field] === undefined)
      .map((field): [string, string] => [field, `is missing: ${authentication} needs it`]),
    ...useless
      .filter((field) => credential[field] !== undefined)
      .map((field): [string, string] => [field, `has no use with ${authentication}`]),
  ];
}

function whatDoesNotFitTls(credential: TlsCredential): [field: string, message: string][] {
  const { certificate, private_key: key, passphrase, ca } = credential;
  if (certificate === undefined && key === undefined && ca === undefined) {
    return [['certificate', 'is missing: a credential of this kind has a certificate, a ca, or both']];
  }
  if (certificate !== undefined && key === undefined) {
    return [['private_key', 'is missing: the certificate is of no use without it']];
  }
  if (certificate === undefined && key !== undefined) {
    return [['certificate', 'is missing: the private key is of no use without it']];
  }
  if (key === undefined && passphrase !== undefined)
    return [['passphrase', 'has no use without a private key']];
  return [];
}
