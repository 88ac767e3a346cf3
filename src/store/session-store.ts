import type { ApiKey } from './api-key-store';
import type { Change } from './record';

/** Somebody's session in the dashboard. It is its API key's: it may what that may, and ends with it. */
export interface Session {
  key: ApiKey;
  /** When it ends, unless it is used before; and at the latest. ISO 8601, UTC. */
  expiresAt: string;
}

/** A session that begins. */
export interface NewSession {
  hash: string;
  /** The client's, for the audit log. */
  address: string;
  now: Date;
}

/**
 * Sessions of the dashboard, and links that begin one. Both are named by the SHA-256 (hex) of a secret of 256 bits, which is kept
 * nowhere. `now` is the clock of the process. The audit log has each that begins and is ended, with the address of the client.
 */
export interface Sessions {
  /** @throws NotFoundError when the key is gone or revoked meanwhile */
  begin(change: Change, session: NewSession & { keyId: string }): Promise<Session>;
  /** The session, which its use prolongs; undefined when there is none, or none any more. */
  use(hash: string, now: Date): Promise<Session | undefined>;
  /** Ends it, if there is one. */
  end(hash: string, address: string): Promise<void>;
  addLink(change: Change, link: NewSession & { keyId: string }): Promise<{ expiresAt: string }>;
  /** Begins a session by a link, which is used up. @returns undefined when there is no such link, or none any more */
  redeem(linkHash: string, session: NewSession): Promise<Session | undefined>;
  /** Deletes those that have ended. */
  purge(now: Date): Promise<void>;
}
