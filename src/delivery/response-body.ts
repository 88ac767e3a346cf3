import { pipeline, Readable, type Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { KeptBody } from '../shared/called-webhook';
import { MAX_ENCODED_BYTES } from '../shared/limits';
import { zstdDecompress } from './zstd/zstd-decompress';

/** Compressions laid one over another beyond this are no honest answer. */
const MAX_ENCODINGS = 3;

/** Without these, an answer that has an encoding but no body (a 204) would be an error: as in browsers, it is empty. */
const zlibOptions = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const brotliOptions = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
};

type Bytes = AsyncIterable<Buffer>;

const decompressors: Record<string, (from: Bytes) => Readable> = {
  gzip: (from) => through(from, createGunzip(zlibOptions)),
  'x-gzip': (from) => through(from, createGunzip(zlibOptions)),
  deflate: (from) => Readable.from(inflate(from), { objectMode: false }),
  br: (from) => through(from, createBrotliDecompress(brotliOptions)),
  zstd: (from) => Readable.from(zstdDecompress(from), { objectMode: false }),
};

/** What `readBody` can undo: for the `accept-encoding` of a request. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br, zstd';

/**
 * Reads at most `limit` decompressed bytes of a body, then lets the connection go: a response that inflates to
 * gigabytes, or never ends, costs no more than one that is as long as the limit.
 *
 * @returns the bytes, and whether there was more.
 * @throws what the stream threw: a reset, an abort, bad compressed data, or more than MAX_ENCODED_BYTES of it
 */
export async function readBody(
  body: Readable,
  contentEncoding: string | undefined,
  limit: number,
): Promise<{ bytes: Buffer; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of decompressed(body, contentEncoding) as Bytes) {
      chunks.push(chunk.subarray(0, limit - length));
      length += chunk.length;
      if (length > limit) break;
    }
  } finally {
    body.destroy();
  }
  return { bytes: Buffer.concat(chunks), truncated: length > limit };
}

function decompressed(body: Readable, contentEncoding: string | undefined): Readable {
  const encodings = (contentEncoding ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
    .reverse();
  const stages = encodings.map((name) => decompressors[name]).filter((stage) => stage !== undefined);
  // An encoding that we did not offer stays as it came, and is then kept as binary.
  if (stages.length > MAX_ENCODINGS || stages.length < encodings.length) return body;
  return stages.reduce((from, stage) => stage(bounded(from)), body);
}

/** Compressed bytes can go on for ever and come to nothing. */
async function* bounded(from: Bytes): AsyncGenerator<Buffer, void> {
  let length = 0;
  for await (const chunk of from) {
    length += chunk.length;
    if (length > MAX_ENCODED_BYTES) throw new EncodedTooLongError();
    yield chunk;
  }
}

/** Its code is of zlib's kind: see callError. */
class EncodedTooLongError extends Error {
  override name = 'EncodedTooLongError';
  readonly code = 'Z_TOO_LONG';
}

function through(from: Bytes, to: Transform): Readable {
  // The reader of `to` sees each error; the callback is there because pipeline asks for one.
  pipeline(from, to, () => undefined);
  return to;
}

/** `deflate` is zlib's format (RFC 1950), but some receivers send what is within it alone. */
async function* inflate(from: Bytes): AsyncGenerator<Buffer, void> {
  const chunks = from[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  const isZlib = ((first.value[0] ?? 0) & 15) === 8;
  const whole = (async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  })();
  yield* through(whole, isZlib ? createInflate(zlibOptions) : createInflateRaw(zlibOptions)) as Bytes;
}

/**
 * The form in which a body is kept: JSON when all of it is there and parses, else text when it is UTF-8, else base64.
 * Text that JSON's escaping would blow up (quotes to two bytes, control characters to six) is kept as base64 too, so
 * that a kept body never takes more than 4/3 of its length, whatever its bytes.
 */
export function keptBody(bytes: Buffer, truncated: boolean): KeptBody {
  const cut = truncated ? { truncated } : {};
  const text = utf8(bytes, truncated);
  if (text === undefined) {
    return { kind: 'binary', data: bytes.toString('base64'), base64: true, ...cut, bytes: bytes.length };
  }
  const kind = !truncated && isJson(text) ? 'json' : 'text';
  const base64 = Math.ceil(bytes.length / 3) * 4;
  return Buffer.byteLength(JSON.stringify(text)) - 2 > base64
    ? { kind, data: Buffer.from(text).toString('base64'), base64: true, ...cut, bytes: bytes.length }
    : { kind, data: text, ...cut, bytes: bytes.length };
}

/** A character that the cut went through is left out; `stream` tells the decoder that more was to come. */
function utf8(bytes: Buffer, truncated: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: truncated });
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
