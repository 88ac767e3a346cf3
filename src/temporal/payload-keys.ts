import { createHash, createSecretKey, type KeyObject } from 'node:crypto';

/** Bytes: AES-256. */
const KEY_LENGTH = 32;

/** A key that payloads are encrypted with. */
export interface PayloadKey {
  /** Stands beside what the key encrypted. It is made of the key, but tells nothing about it. */
  id: string;
  key: KeyObject;
}

/**
 * Reads PAYLOAD_ENCRYPTION_KEY: one or more keys of 32 bytes in base64, separated by commas. The first one encrypts, all decrypt.
 *
 * @throws Error that says which key is wrong, by its place, and never shows it
 */
export function parsePayloadKeys(text: string): PayloadKey[] {
  const keys = text.split(',').map((each, index) => parseKey(each.trim(), index + 1));
  const again = keys.findIndex(({ id }, index) => keys.findIndex((other) => other.id === id) !== index);
  if (again !== -1) throw new Error(`key ${again + 1} is there twice`);
  return keys;
}

function parseKey(text: string, nth: number): PayloadKey {
  const bytes = Buffer.from(text, 'base64');
  // Node passes over what is no base64; such a key would be another one than was meant.
  if (bytes.length !== KEY_LENGTH || bytes.toString('base64') !== text) {
    throw new Error(`key ${nth} is not ${KEY_LENGTH} bytes in base64: make one by "openssl rand -base64 32"`);
  }
  return { id: idOf(bytes), key: createSecretKey(bytes) };
}

/** 48 bits of a hash: a person's few keys do not collide, and 256 random bits cannot be found from it. */
function idOf(key: Buffer): string {
  const hash = createHash('sha256').update('rule-webhooks payload key id').update(key);
  return hash.digest().subarray(0, 6).toString('base64url');
}
