import { createHmac, createPrivateKey, sign } from 'node:crypto';
import type { SigningKey } from '../destinations/signing-key';

/** Has the signatures. */
export const SIGNATURE_HEADER = 'webhook-signature';

/** What is signed of one attempt. */
export interface SignedMessage {
  /** The same for every attempt, and without a dot. */
  id: string;
  /** When this attempt is sent. Milliseconds since 1970. */
  sentAt: number;
  /** Exactly as it is sent; of a request without one, the empty text. */
  body: string;
}

/**
 * The headers of Standard Webhooks 1.0.0: a signature by each key, so that a receiver which knows any of them can verify.
 *
 * @throws Error when there is no key: nothing is ever sent unsigned
 */
export function signatureHeaders(
  keys: readonly SigningKey[],
  { id, sentAt, body }: SignedMessage,
): Record<string, string> {
  if (keys.length === 0) throw new Error('the destination has no signing key');
  const timestamp = String(Math.floor(sentAt / 1_000));
  const content = Buffer.from(`${id}.${timestamp}.${body}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    [SIGNATURE_HEADER]: keys.map((key) => signature(key, content)).join(' '),
  };
}

function signature({ algorithm, secret }: SigningKey, content: Buffer): string {
  const bytes = Buffer.from(secret.slice(secret.indexOf('_') + 1), 'base64');
  const signed =
    algorithm === 'v1'
      ? createHmac('sha256', bytes).update(content).digest()
      : sign(null, content, ed25519Key(bytes));
  return `${algorithm},${signed.toString('base64')}`;
}

/** @param bytes the 32 of the seed, and behind them the 32 of the public key */
function ed25519Key(bytes: Buffer) {
  const d = bytes.subarray(0, 32).toString('base64url');
  const x = bytes.subarray(32).toString('base64url');
  return createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' });
}
