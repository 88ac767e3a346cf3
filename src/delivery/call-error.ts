import { STATUS_CODES } from 'node:http';

/** An address that the guard refuses, a body over the limit: failures of a call with words of our own. */
export class CallRefused extends Error {
  override name = 'CallRefused';
  readonly code = 'CALL_REFUSED';
}

const wordsOfUndici: Record<string, string> = {
  UND_ERR_SOCKET: 'the connection was closed before the response was complete',
  UND_ERR_HEADERS_OVERFLOW: 'the response headers are too large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the response is shorter or longer than its content-length',
};

/** How a response other than 20x is named, e.g. `503 Service Unavailable`. */
export function statusError(status: number): string {
  const phrase = STATUS_CODES[status];
  return phrase === undefined ? String(status) : `${status} ${phrase}`;
}

/**
 * How an error of the network, of TLS or of HTTP is named to the owner of a rule: the code where that is the word
 * everybody knows (`ECONNREFUSED`, `ENOTFOUND`), a sentence otherwise (`certificate has expired`).
 */
export function callError(error: unknown): string {
  const {
    code = '',
    reason,
    syscall,
    message = '',
  } = error as Partial<NodeJS.ErrnoException> & { reason?: unknown };
  const words = wordsOfUndici[code];
  if (words !== undefined) return words;
  if (code.startsWith('HPE_')) return 'the response is not valid HTTP';
  if (code.startsWith('ERR_HTTP2_')) return 'the response is not valid HTTP/2';
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR_'))
    return 'the response could not be decompressed';
  if (code.startsWith('ERR_SSL_')) return `TLS: ${typeof reason === 'string' ? reason : code}`;
  // A system error carries its system call; several at once (IPv4 and IPv6 both refused) come without a message.
  const isSystemError = syscall !== undefined || /^E(?!RR_)[A-Z_]+$/.test(code);
  return isSystemError ? code : firstLine(message) || code || 'unknown error';
}

/** Some errors quote what they were given, of any length. */
function firstLine(message: string): string {
  return (message.split('\n', 1)[0] ?? '').slice(0, 500);
}
