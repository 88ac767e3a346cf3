import type { Credential, CredentialKind } from '../../api/credential';

/** A field of a credential that is typed. */
export interface CredentialField {
  name: string;
  label: string;
  hint?: string;
  isSecret?: true;
  isRequired?: true;
  /** Has lines, as PEM has. */
  isLong?: true;
}

export const KINDS: readonly { value: CredentialKind; label: string }[] = [
  { value: 'bearer', label: 'Bearer token' },
  { value: 'basic', label: 'User name and password (Basic)' },
  { value: 'api_key', label: 'API key in a header' },
  { value: 'oauth2', label: 'OAuth 2, client credentials' },
  { value: 'tls', label: 'Client certificate (mutual TLS)' },
];

export const AUTHENTICATIONS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;
export type Authentication = (typeof AUTHENTICATIONS)[number];

const scope: readonly CredentialField[] = [
  { name: 'scope', label: 'Scope (optional)' },
  { name: 'audience', label: 'Audience (optional)' },
];

/** What a credential of a kind has besides its name and origins. @param authentication of `oauth2` alone */
export function fieldsOf(kind: CredentialKind, authentication: Authentication): readonly CredentialField[] {
  switch (kind) {
    case 'bearer':
      return [{ name: 'token', label: 'Token', isSecret: true, isRequired: true }];
    case 'basic':
      return [
        { name: 'username', label: 'User name', isRequired: true },
        { name: 'password', label: 'Password', isSecret: true, isRequired: true },
      ];
    case 'api_key':
      return [
        { name: 'header', label: 'Header', hint: 'E.g. x-api-key.', isRequired: true },
        { name: 'value', label: 'Key', isSecret: true, isRequired: true },
      ];
    case 'oauth2':
      return [
        { name: 'token_url', label: 'Token URL', isRequired: true },
        { name: 'client_id', label: 'Client id', isRequired: true },
        ...(authentication === 'private_key_jwt'
          ? ([
              {
                name: 'private_key',
                label: 'Private key, PEM',
                isSecret: true,
                isRequired: true,
                isLong: true,
              },
              {
                name: 'algorithm',
                label: 'Algorithm (optional)',
                hint: 'RS256, PS256, ES256 or EdDSA. Empty: RS256.',
              },
              { name: 'key_id', label: 'Key id (optional)' },
            ] as const)
          : ([{ name: 'client_secret', label: 'Client secret', isSecret: true, isRequired: true }] as const)),
        ...scope,
      ];
    case 'tls':
      return [
        { name: 'certificate', label: 'Certificate, PEM', isLong: true },
        { name: 'private_key', label: 'Private key, PEM', isSecret: true, isLong: true },
        { name: 'passphrase', label: 'Passphrase of the private key', isSecret: true },
        { name: 'ca', label: 'Authority of the receiver’s certificate, PEM', isLong: true },
      ];
  }
}

/** What stands in the fields of a credential that is edited. Its secrets are never answered, so never there. */
export function textsOf(credential: Credential): Record<string, string> {
  return Object.fromEntries(
    Object.entries(credential).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The body that saves a credential. An empty field is left out; a secret that is left out stays as it is. */
export function bodyOf(
  kind: CredentialKind,
  authentication: Authentication,
  { name, origins, texts }: { name: string; origins: string; texts: Readonly<Record<string, string>> },
): object {
  const fields = fieldsOf(kind, authentication).flatMap((field): [string, string][] => {
    const text = texts[field.name] ?? '';
    return text === '' ? [] : [[field.name, text]];
  });
  return {
    kind,
    name: name.trim() === '' ? null : name.trim(),
    origins: origins.split(/[\s,]+/).filter((origin) => origin !== ''),
    ...(kind === 'oauth2' && { authentication }),
    ...Object.fromEntries(fields),
  };
}
