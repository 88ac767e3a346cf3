import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { KeyRing } from './key-ring';
import { KEY_ID_LENGTH, type MasterKey } from './master-key';

const CIPHER = 'aes-256-gcm';
/** Bytes. */
const DATA_KEY_LENGTH = 32;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/** `v1.<id of the master key>.<data key, sealed with that>.<secret, sealed with the data key>`. */
const SEALED = /^v1\.([0-9a-f]{12})\.([\w-]+)\.([\w-]+)$/;

/** A secret that cannot be opened: never a reason to go on without it. */
export class SecretUnreadableError extends Error {
  override name = 'SecretUnreadableError';
}

/**
 * Seals secrets for the store and opens them again: each with a data key of its own, which is sealed with a master key.
 * So a master key seals nothing but short random keys, and few of them.
 */
export class SecretBox {
  constructor(private readonly keys: Pick<KeyRing, 'find' | 'source' | 'remedy'>) {}

  /**
   * @param keyId of the master key to use
   * @param place what the secret belongs to, e.g. `credential/default/crm`: opening it for another place fails, so that a
   *   sealed text that was copied to another row is worth nothing
   * @returns text that says with which key it was sealed
   * @throws SecretUnreadableError when that key is not at hand: nothing else could open it here
   */
  seal(keyId: string, place: string, secret: string): string {
    const dataKey = randomBytes(DATA_KEY_LENGTH);
    const sealedKey = encrypt(this.masterKey(keyId).key, `key/${place}`, dataKey);
    const sealed = encrypt(createSecretKey(dataKey), `secret/${place}`, Buffer.from(secret, 'utf8'));
    return `v1.${keyId}.${sealedKey.toString('base64url')}.${sealed.toString('base64url')}`;
  }

  /** @throws SecretUnreadableError when the key is not at hand, or the text was changed. The message holds no secret. */
  open(place: string, sealed: string): string {
    const [, keyId = '', sealedKey = '', secret = ''] = SEALED.exec(sealed) ?? [];
    if (keyId === '')
      throw new SecretUnreadableError(`the secret of ${place} is not in a form that is known here`);
    const masterKey = this.masterKey(keyId, place);
    try {
      const dataKey = createSecretKey(decrypt(masterKey.key, `key/${place}`, sealedKey));
      return decrypt(dataKey, `secret/${place}`, secret).toString('utf8');
    } catch {
      throw new SecretUnreadableError(`the secret of ${place} was changed since it was sealed`);
    }
  }

  /**
   * @param place what is to be opened with it
   * @throws SecretUnreadableError when it is not at hand
   */
  masterKey(id: string, place?: string): MasterKey {
    const found = this.find(id);
    if (found !== undefined) return found;
    const what = place === undefined ? 'the secrets of this installation are' : `the secret of ${place} is`;
    throw new SecretUnreadableError(
      `${what} sealed with the key ${id}, which is not in ${this.keys.source}: ${this.keys.remedy}`,
    );
  }

  private find(id: string): MasterKey | undefined {
    try {
      return this.keys.find(id);
    } catch (error) {
      throw new SecretUnreadableError((error as Error).message);
    }
  }
}

/** The beginning of all that is sealed with a key. */
export function sealedWith(keyId: string): string {
  return `v1.${keyId}.`;
}

/** How much of a sealed text says with which key it was sealed. Characters. */
export const SEALED_PREFIX_LENGTH = sealedWith('').length + KEY_ID_LENGTH;

/** The id of the key with which a text was sealed, of which the first characters are enough; undefined when it is none. */
export function keyIdOf(sealed: string): string | undefined {
  return /^v1\.([0-9a-f]{12})\./.exec(sealed)?.[1];
}

function encrypt(key: KeyObject, place: string, plain: Buffer): Buffer {
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_LENGTH }).setAAD(Buffer.from(place));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: KeyObject, place: string, text: string): Buffer {
  const all = Buffer.from(text, 'base64url');
  const nonce = all.subarray(0, NONCE_LENGTH);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_LENGTH })
    .setAAD(Buffer.from(place))
    .setAuthTag(all.subarray(-TAG_LENGTH));
  return Buffer.concat([decipher.update(all.subarray(NONCE_LENGTH, -TAG_LENGTH)), decipher.final()]);
}
