import { createHash } from 'node:crypto';
import type { buildConnector } from 'undici';
import type { EgressProxy, Versioned } from '../destinations/call-settings';
import type { TlsCredential } from '../destinations/credential';
import { MAX_CONNECTORS } from '../shared/limits';
import type { Egress } from './egress';

/** What makes the connections of some calls theirs alone. */
export interface ConnectionOwner {
  workspace: string;
  /** The client certificate, and the authorities of the receiver's own. */
  tls?: Versioned<TlsCredential> | undefined;
  /** The workspace's own way out. */
  proxy?: EgressProxy | undefined;
}

export interface SharedConnector {
  connect: buildConnector.connector;
  /** Connections are shared by the calls that have the same. */
  key: string;
}

/**
 * How calls connect. Reading certificates takes long and TLS sessions are resumed, so each way is made once and kept;
 * of more than MAX_CONNECTORS the one that was not used for longest is made anew when it is. An edited credential or proxy
 * is another way: a connection that was made with the old one is not used again.
 */
export class Connectors {
  private readonly known = new Map<string, SharedConnector>();

  constructor(private readonly egress: Egress) {}

  of({ workspace, tls, proxy }: ConnectionOwner): SharedConnector {
    const isShared = tls === undefined && proxy === undefined;
    const key = isShared ? '' : digest([workspace, tls?.id, tls?.version, proxy]);
    const way = this.known.get(key) ?? {
      key,
      connect: this.egress.connector({
        ...(tls && { tls: tls.credential }),
        ...(proxy && { proxy }),
      }),
    };
    this.known.delete(key);
    this.known.set(key, way);
    const [oldest] = this.known.keys();
    if (this.known.size > MAX_CONNECTORS && oldest !== undefined) this.known.delete(oldest);
    return way;
  }
}

/** A proxy's password is no part of a key that may be looked at. */
function digest(parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
