import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Bytes. */
const SECRET_LENGTH = 32;

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Makes what names a session, or a link that begins one: 256 random bits. */
export function makeToken(): string {
  return randomBytes(SECRET_LENGTH).toString('base64url');
}

/** SHA-256, hex: what is kept of a token. Undefined when the text is none. */
export function hashOfToken(token: string | undefined): string | undefined {
  return token !== undefined && TOKEN.test(token) ? hashOf(token) : undefined;
}

/** What a session's page sends with all that changes something. It follows from the session's token, and does not tell it. */
export function csrfTokenOf(sessionToken: string): string {
  return createHash('sha256').update(`csrf ${sessionToken}`).digest('base64url');
}

export function isCsrfTokenOf(sessionToken: string, given: unknown): boolean {
  if (typeof given !== 'string') return false;
  const [a, b] = [Buffer.from(hashOf(given)), Buffer.from(hashOf(csrfTokenOf(sessionToken)))];
  return timingSafeEqual(a, b);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
