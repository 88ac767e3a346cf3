import { createHmac, createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { MasterKey } from './master-key';

const HASH = 'sha256';
/** Bytes. */
const KEY_LENGTH = 32;

/** `<text in base64url>.<its HMAC-SHA256 in base64url>` */
const SIGNED = /^([\w-]+)\.([\w-]{43})$/;

/** A key for one purpose. It follows from a master key, and gives nothing away of that or of the keys for other purposes. */
export function purposeKey({ key }: MasterKey, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync(HASH, key, '', purpose, KEY_LENGTH)));
}

/** Text that everybody can read and nobody else can make, of characters that stand in an address as they are. */
export function signText(key: KeyObject, text: string): string {
  const content = Buffer.from(text, 'utf8').toString('base64url');
  return `${content}.${macOf(key, content)}`;
}

/** The text that was signed; undefined when it was not signed with this key. */
export function readSignedText(key: KeyObject, signed: string): string | undefined {
  const [, content = '', mac = ''] = SIGNED.exec(signed) ?? [];
  if (mac === '') return undefined;
  // As text: an HMAC has several forms in base64url, of which one is right.
  const isRight = timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(key, content)));
  return isRight ? Buffer.from(content, 'base64url').toString('utf8') : undefined;
}

function macOf(key: KeyObject, content: string): string {
  return createHmac(HASH, key).update(content).digest('base64url');
}
