import type { TlsCredential } from '../../src/destinations/credential';
import type { Versioned } from '../../src/destinations/call-settings';

/** The receiver's own authority, as a workspace would have it for its calls. */
export function trusting(ca: string, version = 1): Versioned<TlsCredential> {
  return { id: 'own-authority', version, credential: { kind: 'tls', name: null, origins: [], ca } };
}
