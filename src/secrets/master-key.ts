import { createHash, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';

/** AES-256. Bytes. */
const KEY_LENGTH = 32;

/** Standard base64 or that of URLs, with or without its padding. */
const KEY_TEXT = /^[A-Za-z0-9+/_-]{43}=?$/;

/** 48 bits of a hash: enough to tell apart the few keys of an installation. Hexadecimal digits. */
export const KEY_ID_LENGTH = 12;

/** A key that seals other keys. */
export interface MasterKey {
  /** Follows from the key, and gives nothing of it away. */
  id: string;
  /** Shows nothing of itself when it is printed or turned into JSON. */
  key: KeyObject;
}

export function makeMasterKey(): MasterKey {
  return masterKeyOf(randomBytes(KEY_LENGTH));
}

/** The text from which `parseMasterKeys` reads a key. Secret. */
export function textOfMasterKey({ key }: MasterKey): string {
  return key.export().toString('base64');
}

/**
 * Reads keys that are separated by commas or white space.
 *
 * @returns at least one, each once
 * @throws Error with a sentence that repeats nothing of the text
 */
export function parseMasterKeys(text: string): [MasterKey, ...MasterKey[]] {
  const keys = text
    .split(/[\s,]+/)
    .filter((each) => each !== '')
    .map(parseMasterKey);
  const [first, ...others] = new Map(keys.map((key) => [key.id, key])).values();
  if (first === undefined) throw new Error(`has no key: ${FORM}`);
  return [first, ...others];
}

const FORM =
  'a key is 32 random bytes in base64, such as `openssl rand -base64 32` prints; several are separated by commas';

function parseMasterKey(text: string, index: number): MasterKey {
  if (!KEY_TEXT.test(text)) throw new Error(`has something else than a key in place ${index + 1}: ${FORM}`);
  return masterKeyOf(Buffer.from(text, 'base64'));
}

function masterKeyOf(bytes: Buffer): MasterKey {
  const digest = createHash('sha256').update('rule-webhooks master key').update(bytes).digest('hex');
  return { id: digest.slice(0, KEY_ID_LENGTH), key: createSecretKey(bytes) };
}
