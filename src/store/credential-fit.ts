import type { CredentialKind } from '../destinations/credential';

/** How a step or a destination uses a credential. */
export type CredentialUse = 'auth' | 'tls';

/** What of a credential decides where it may be used. */
export interface UsableCredential {
  kind: CredentialKind;
  origins: readonly string[];
}

/** Why a credential cannot be used for calls to an origin, as a sentence about it; undefined when it can. */
export function whyUnusable(
  id: string,
  credential: UsableCredential | undefined,
  use: CredentialUse,
  origin: string,
): string | undefined {
  if (credential === undefined) return `there is no credential "${id}"`;
  if ((credential.kind === 'tls') !== (use === 'tls')) {
    const wanted = use === 'tls' ? 'must be of kind "tls"' : 'cannot be of kind "tls"';
    return `credential "${id}" is of kind "${credential.kind}": what ${use} names ${wanted}`;
  }
  if (credential.origins.includes(origin)) return undefined;
  return `credential "${id}" may not be sent to ${origin}`;
}
