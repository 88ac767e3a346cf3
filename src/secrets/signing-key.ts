import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { SigningAlgorithm, SigningKey } from '../destinations/signing-key';

/** Of a secret that is made here. Bytes. */
const SECRET_LENGTH = 32;

/** What Standard Webhooks allows a shared secret to be. Bytes. */
const MIN_SECRET_LENGTH = 24;
const MAX_SECRET_LENGTH = 64;

/** The two halves of an ed25519 key in its `whsk_` form: the seed, and the public key after it. Bytes. */
const SEED_LENGTH = 32;
const PUBLIC_LENGTH = 32;

/** What stands before a seed in DER (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LENGTH = 20;

/** Makes a key of 256 random bits. */
export function makeSigningKey(algorithm: SigningAlgorithm): SigningKey {
  const secret =
    algorithm === 'v1' ? `whsec_${randomBytes(SECRET_LENGTH).toString('base64')}` : makePrivateKey();
  return { id: makeSigningKeyId(), algorithm, secret };
}

/** A new name for a key. */
export function makeSigningKeyId(): string {
  const bytes = [...randomBytes(ID_LENGTH)];
  return `sk_${bytes.map((byte) => ID_ALPHABET.charAt(byte % ID_ALPHABET.length)).join('')}`;
}

/**
 * Reads a secret that somebody brings along: `whsec_` and 24 to 64 bytes in base64, or `whsk_` and the seed and public
 * key of ed25519, 64 bytes.
 *
 * @returns it in the form in which keys are kept
 * @throws Error with a sentence that repeats nothing of the text
 */
export function parseSigningSecret(text: string): Pick<SigningKey, 'algorithm' | 'secret'> {
  const [, prefix, base64 = ''] = /^(whsec|whsk)_([A-Za-z0-9+/]*={0,2})$/.exec(text) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  const canonical = bytes.toString('base64');
  if (prefix === undefined || canonical.replaceAll('=', '') !== base64.replaceAll('=', '')) {
    throw new Error('must be "whsec_" or "whsk_" and base64');
  }
  if (prefix === 'whsec') {
    if (bytes.length < MIN_SECRET_LENGTH || bytes.length > MAX_SECRET_LENGTH) {
      throw new Error(
        `must have ${MIN_SECRET_LENGTH} to ${MAX_SECRET_LENGTH} bytes, and has ${bytes.length}`,
      );
    }
    return { algorithm: 'v1', secret: `whsec_${canonical}` };
  }
  if (bytes.length !== SEED_LENGTH + PUBLIC_LENGTH) {
    throw new Error(
      `must have ${SEED_LENGTH + PUBLIC_LENGTH} bytes, the seed and the public key, and has ${bytes.length}`,
    );
  }
  if (!publicOf(bytes.subarray(0, SEED_LENGTH)).equals(bytes.subarray(SEED_LENGTH))) {
    throw new Error('must end with the public key that belongs to its seed');
  }
  return { algorithm: 'v1a', secret: `whsk_${canonical}` };
}

/** What a receiver needs of a `v1a` key, `whpk_…`; null for `v1`, whose secret both sides share. */
export function publicKeyOf({ algorithm, secret }: Pick<SigningKey, 'algorithm' | 'secret'>): string | null {
  if (algorithm === 'v1') return null;
  const bytes = Buffer.from(secret.slice('whsk_'.length), 'base64');
  return `whpk_${bytes.subarray(SEED_LENGTH).toString('base64')}`;
}

function makePrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  const seed = der.subarray(PKCS8_HEAD.length, PKCS8_HEAD.length + SEED_LENGTH);
  return `whsk_${Buffer.concat([seed, publicOf(seed)]).toString('base64')}`;
}

function publicOf(seed: Buffer): Buffer {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return der.subarray(-PUBLIC_LENGTH);
}
