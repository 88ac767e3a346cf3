import type { HttpCredential, TlsCredential } from './credential';
import type { DestinationLimits } from './settings';
import type { Standing } from './standing';
import type { SigningKey } from './signing-key';

/** A credential as it is now. `version` counts its edits: what was made with another one (a token, a connection) is stale. */
export interface Versioned<Credential> {
  id: string;
  version: number;
  credential: Credential;
}

/** The way out that a workspace goes by, instead of the installation's. */
export interface EgressProxy {
  /** `http://host:port` or `https://host:port`; no credentials in it. */
  url: string;
  username?: string;
  password?: string;
  /** Hosts that are called directly, as in NO_PROXY. */
  noProxy: string[];
}

/** What a call needs beside its rule, secrets included. Never logged, and part of no error. */
export interface CallSettings {
  /** The keys that sign, newest first; at least one. */
  signingKeys: SigningKey[];
  auth?: Versioned<HttpCredential>;
  tls?: Versioned<TlsCredential>;
  limits: DestinationLimits;
  standing: Standing;
  /** Whether the last call failed, or none has gone well since the destination was enabled after an outage. */
  isFailing: boolean;
  proxy?: EgressProxy;
}

/** Where the activities find that, as it is at the moment of the call. */
export interface CallSettingsSource {
  /**
   * @param origin of the URL that will be called
   * @param named the credentials that the step names; they go before those of the destination
   * @throws CredentialUnusableError when a credential is not there, is of the wrong kind, or may not go to this origin:
   *   the call must not be made. StoreAwayError and SecretUnreadableError, when it cannot be known just now.
   */
  callSettings(
    workspace: string,
    origin: string,
    named: { auth?: string | undefined; tls?: string | undefined },
  ): Promise<CallSettings>;
}

/** The people's fault: an attempt that fails for it counts, and says so to them. */
export class CredentialUnusableError extends Error {
  override name = 'CredentialUnusableError';
}
