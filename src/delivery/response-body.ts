import { pipeline, type Readable, type Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { KeptBody } from '../shared/called-webhook';

/** Compressions laid one over another beyond this are no honest answer. */
const MAX_ENCODINGS = 3;

/** Without these, an answer that has an encoding but no body (a 204) would be an error: as in browsers, it is empty. */
const zlibOptions = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const brotliOptions = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
};

const decompressors: Record<string, () => Transform> = {
  gzip: () => createGunzip(zlibOptions),
  'x-gzip': () => createGunzip(zlibOptions),
  deflate: () => createInflate(zlibOptions),
  br: () => createBrotliDecompress(brotliOptions),
};

/** What `readBody` can undo: for the `accept-encoding` of a request. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

/**
 * Reads at most `limit` decompressed bytes of a body, then lets the connection go: a response that inflates to
 * gigabytes, or never ends, costs no more than one that is as long as the limit.
 *
 * @returns the bytes, and whether there was more.
 * @throws what the stream threw: a reset, an abort, bad compressed data
 */
export async function readBody(
  body: Readable,
  contentEncoding: string | undefined,
  limit: number,
): Promise<{ bytes: Buffer; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop early destroys the stream, and through the pipeline the connection below it.
  for await (const chunk of decompressed(body, contentEncoding) as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, limit - length));
    length += chunk.length;
    if (length > limit) break;
  }
  return { bytes: Buffer.concat(chunks), truncated: length > limit };
}

function decompressed(body: Readable, contentEncoding: string | undefined): Readable {
  const encodings = (contentEncoding ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
    .reverse();
  const stages = encodings.map((name) => decompressors[name]);
  // An encoding that we did not offer stays as it came, and is then kept as binary.
  if (stages.length > MAX_ENCODINGS || stages.some((stage) => stage === undefined)) return body;
  return stages.reduce<Readable>((from, stage) => {
    const to = (stage as () => Transform)();
    // The reader of `to` sees each error; the callback is there because pipeline asks for one.
    pipeline(from, to, () => undefined);
    return to;
  }, body);
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
