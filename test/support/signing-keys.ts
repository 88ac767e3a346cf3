import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { SigningKey } from '../../src/destinations/signing-key';

/** A shared secret, made now. */
export function sharedKey(id = 'sk_shared'): SigningKey {
  return { id, algorithm: 'v1', secret: `whsec_${randomBytes(32).toString('base64')}` };
}

/** An ed25519 key, made now, and what its receiver has of it. */
export function ed25519Key(id = 'sk_ed25519'): SigningKey & { publicKey: string } {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const [seed, point] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  return {
    id,
    algorithm: 'v1a',
    secret: `whsk_${Buffer.concat([seed, point]).toString('base64')}`,
    publicKey: `whpk_${point.toString('base64')}`,
  };
}
