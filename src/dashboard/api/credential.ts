export type CredentialKind = 'basic' | 'bearer' | 'api_key' | 'oauth2' | 'tls';

/** A credential without its secrets. Which further fields there are depends on the kind. */
export interface Credential {
  id: string;
  kind: CredentialKind;
  name: string | null;
  origins: string[];
  /** The secrets that it has. */
  secret_fields: string[];
  version: number;
  updated_at: string;
  updated_by: string;
  [field: string]: unknown;
}
