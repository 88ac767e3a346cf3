import { createHash, randomBytes } from 'node:crypto';

/** Letters and digits that nobody mixes up: RFC 4648's base32, lower case. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LENGTH = 12;
/** Bytes. */
const SECRET_LENGTH = 32;

const KEY = new RegExp(`^rwk_([${ALPHABET}]{${ID_LENGTH}})_([A-Za-z0-9_-]{43,86})$`);

/** A key that was just made: the only moment at which its text is known here. */
export interface NewApiKey {
  /** Public: it names the key in lists and in the audit log. */
  id: string;
  /** `rwk_<id>_<secret>`: for its owner, and to be kept nowhere. */
  key: string;
  /** What is kept instead. */
  hash: string;
}

/** Makes a key of 256 random bits. */
export function makeApiKey(): NewApiKey {
  const id = [...randomBytes(ID_LENGTH)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
  const key = `rwk_${id}_${randomBytes(SECRET_LENGTH).toString('base64url')}`;
  return { id, key, hash: hashOfApiKey(key) };
}

/** SHA-256 of the whole key, hex. Fast on purpose: 256 random bits cannot be guessed, so slowness would protect nothing. */
export function hashOfApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** The public id within a key; undefined when the text is no key. */
export function idOfApiKey(key: string): string | undefined {
  return KEY.exec(key)?.[1];
}
