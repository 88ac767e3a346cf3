import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { PayloadUnreadableError } from '../shared/payload-unreadable';
import type { PayloadKey } from './payload-keys';
import { bytesOf, metadataText, payloadOf } from './wrapped-payload';

const ENCODING = 'binary/encrypted';
const KEY_ID = 'key-id';

const CIPHER = 'aes-256-gcm';
/** Bytes. */
const SALT_LENGTH = 24;
const SUBKEY_LENGTH = 32;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/** Names what the subkeys are for, and the layout of the data: salt, ciphertext, tag. */
const PURPOSE = 'rule-webhooks payload v1';

/**
 * Encrypts payloads, metadata and all, with the first key, and decrypts with whichever was used. Payloads that are not
 * encrypted pass through decoding: those of histories that are older than the key.
 *
 * @param keys none: nothing is encrypted, and what is encrypted cannot be read
 */
export function encryptionCodec(keys: readonly PayloadKey[]): PayloadCodec {
  const [current] = keys;
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  return {
    encode: async (payloads) => (current ? payloads.map((each) => encrypted(each, current)) : payloads),
    decode: async (payloads) => payloads.map((each) => decrypted(each, byId)),
  };
}

function encrypted(payload: Payload, { id, key }: PayloadKey): Payload {
  const salt = randomBytes(SALT_LENGTH);
  const { subkey, nonce } = derive(key, salt);
  const cipher = createCipheriv(CIPHER, subkey, nonce);
  const data = Buffer.concat([salt, cipher.update(bytesOf(payload)), cipher.final(), cipher.getAuthTag()]);
  return { metadata: { encoding: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(id) }, data };
}

function decrypted(payload: Payload, keys: ReadonlyMap<string, KeyObject>): Payload {
  if (metadataText(payload, 'encoding') !== ENCODING) return payload;
  const id = metadataText(payload, KEY_ID) ?? '';
  const key = keys.get(id);
  if (key === undefined) throw new PayloadUnreadableError(unknownKey(id, [...keys.keys()]));
  try {
    const data = Buffer.from(payload.data ?? []);
    const { subkey, nonce } = derive(key, data.subarray(0, SALT_LENGTH));
    const decipher = createDecipheriv(CIPHER, subkey, nonce, { authTagLength: TAG_LENGTH });
    decipher.setAuthTag(data.subarray(-TAG_LENGTH));
    const bytes = decipher.update(data.subarray(SALT_LENGTH, -TAG_LENGTH));
    return payloadOf(Buffer.concat([bytes, decipher.final()]));
  } catch (cause) {
    throw new PayloadUnreadableError(`a payload that was encrypted with the key ${id} is damaged`, { cause });
  }
}

/**
 * A key of its own for each payload: random nonces under one key would allow 2^32 payloads, and a busy installation
 * gets there.
 */
function derive(key: KeyObject, salt: Uint8Array): { subkey: Buffer; nonce: Buffer } {
  const bytes = Buffer.from(hkdfSync('sha256', key, salt, PURPOSE, SUBKEY_LENGTH + NONCE_LENGTH));
  return { subkey: bytes.subarray(0, SUBKEY_LENGTH), nonce: bytes.subarray(SUBKEY_LENGTH) };
}

function unknownKey(id: string, known: readonly string[]): string {
  // What stands in the metadata may come from anywhere.
  const shown = /^[\w-]{1,32}$/.test(id) ? id : '?';
  const has = known.length === 0 ? 'is not set' : `has ${known.join(', ')} only`;
  return `a payload is encrypted with the key ${shown}, and PAYLOAD_ENCRYPTION_KEY ${has}`;
}
