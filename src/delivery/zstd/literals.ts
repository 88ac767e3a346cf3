import { decodeHuffman, readHuffmanTable, slice, type HuffmanTable } from './huffman';
import { ZstdError } from './zstd-error';

export interface Literals {
  bytes: Uint8Array;
  /** Bytes of the block that they took. */
  used: number;
  /** For the blocks after it that say "as before". */
  tree: HuffmanTable | undefined;
}

/**
 * Reads a compressed block's literals (RFC 8878, 3.1.1.3.1).
 *
 * @param limit bytes that they may be
 * @param tree that of an earlier block
 */
export function readLiterals(block: Uint8Array, limit: number, tree: HuffmanTable | undefined): Literals {
  const [first = 0] = slice(block, 0, 1);
  const kind = first & 3;
  const format = (first >> 2) & 3;
  if (kind < 2) {
    const headerSize = [1, 2, 1, 3][format] ?? 1;
    const size = number(block, headerSize) >> (headerSize === 1 ? 3 : 4);
    check(size, limit);
    if (kind === 0) return { bytes: slice(block, headerSize, size), used: headerSize + size, tree };
    const [value] = slice(block, headerSize, 1);
    return { bytes: new Uint8Array(size).fill(value ?? 0), used: headerSize + 1, tree };
  }

  const headerSize = [3, 3, 4, 5][format] ?? 3;
  const sizeBits = [10, 10, 14, 18][format] ?? 10;
  const header = Math.floor(number(block, headerSize) / 16);
  const size = header % 2 ** sizeBits;
  const compressedSize = Math.floor(header / 2 ** sizeBits);
  check(size, limit);
  const compressed = slice(block, headerSize, compressedSize);
  const { table, used } = kind === 2 ? readHuffmanTable(compressed) : { table: known(tree), used: 0 };
  const bytes = new Uint8Array(size);
  const streams = slice(compressed, used, compressed.length - used);
  if (format === 0) decodeHuffman(table, streams, bytes);
  else decodeFour(table, streams, bytes);
  return { bytes, used: headerSize + compressedSize, tree: table };
}

/** Four streams after the lengths of the first three. */
function decodeFour(table: HuffmanTable, streams: Uint8Array, output: Uint8Array): void {
  const lengths = slice(streams, 0, 6);
  const part = Math.ceil(output.length / 4);
  if (part * 3 > output.length) throw new ZstdError('four streams hold too few literals');
  let from = 6;
  for (let i = 0; i < 4; i += 1) {
    const length = i < 3 ? number(lengths.subarray(i * 2), 2) : streams.length - from;
    decodeHuffman(
      table,
      slice(streams, from, length),
      output.subarray(i * part, i < 3 ? (i + 1) * part : undefined),
    );
    from += length;
  }
}

/** The first bytes as a number, the lowest first. At most 6. */
function number(bytes: Uint8Array, count: number): number {
  return slice(bytes, 0, count).reduceRight((value, byte) => value * 256 + byte, 0);
}

function check(size: number, limit: number): void {
  if (size > limit) throw new ZstdError('a block is too large');
}

function known(tree: HuffmanTable | undefined): HuffmanTable {
  if (tree === undefined) throw new ZstdError('there is no earlier tree');
  return tree;
}
