/**
 * Standard Webhooks 1.0.0: `v1` is HMAC-SHA256 with a shared secret, `v1a` is ed25519, of which the receiver has the
 * public key alone.
 */
export const SIGNING_ALGORITHMS = ['v1', 'v1a'] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/** A key that signs. */
export interface SigningKey {
  /** `sk_…`: names the key in the API and the audit log. */
  id: string;
  algorithm: SigningAlgorithm;
  /** `whsec_…` or `whsk_…`. */
  secret: string;
}

/** What may be shown of a key at any time. */
export interface SigningKeyView {
  id: string;
  algorithm: SigningAlgorithm;
  /** `whpk_…`, of `v1a` alone. */
  publicKey: string | null;
  createdAt: string;
  /** Whether its secret was ever shown. */
  isShown: boolean;
  /** Until when it signs beside a newer one; null: it is the newest. */
  signsUntil: string | null;
}
