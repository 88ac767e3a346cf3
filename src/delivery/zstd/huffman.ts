import { BackwardBits, highestBit } from './bits';
import { FseState, readFseTable } from './fse';
import { ZstdError } from './zstd-error';

/** For each value of the next `maxBits` bits, the symbol that they begin with and how many of them it takes. */
export interface HuffmanTable {
  maxBits: number;
  symbols: Uint8Array;
  bits: Uint8Array;
}

/** RFC 8878, 4.2.1. */
const MAX_BITS = 11;
const MAX_WEIGHTS = 255;

/**
 * Reads a tree's description.
 *
 * @returns the tree, and how many bytes it took
 */
export function readHuffmanTable(bytes: Uint8Array): { table: HuffmanTable; used: number } {
  const [header = 0] = bytes;
  if (header < 128) {
    const weights = compressedWeights(slice(bytes, 1, header));
    return { table: huffmanTable(weights), used: 1 + header };
  }
  const count = header - 127;
  const packed = slice(bytes, 1, Math.ceil(count / 2));
  const weights = [...packed].flatMap((byte) => [byte >> 4, byte & 15]).slice(0, count);
  return { table: huffmanTable(weights), used: 1 + packed.length };
}

/** Two states take turns until the bits are used up. */
function compressedWeights(bytes: Uint8Array): number[] {
  const { table, used } = readFseTable(bytes, { maxLog: 6, symbols: MAX_WEIGHTS + 1 });
  const bits = new BackwardBits(bytes.subarray(used));
  const weights: number[] = [];
  let [state, other] = [new FseState(table, bits), new FseState(table, bits)];
  for (;;) {
    weights.push(state.symbol);
    state.advance(bits);
    if (weights.length >= MAX_WEIGHTS) throw new ZstdError('a tree has too many symbols');
    [state, other] = [other, state];
    if (bits.left < 0) break;
  }
  return [...weights, state.symbol];
}

/** @param weights of all symbols but the last, whose weight is what is left */
function huffmanTable(weights: readonly number[]): HuffmanTable {
  if (weights.some((weight) => weight > MAX_BITS)) throw new ZstdError('a tree is too deep');
  const sum = weights.reduce((total, weight) => total + (weight > 0 ? 2 ** (weight - 1) : 0), 0);
  if (sum === 0) throw new ZstdError('a tree has no symbols');
  const maxBits = highestBit(sum) + 1;
  const left = 2 ** maxBits - sum;
  if (maxBits > MAX_BITS || left !== 2 ** highestBit(left)) throw new ZstdError('a tree is no tree');

  const widths = [...weights, highestBit(left) + 1].map((weight) => (weight > 0 ? maxBits + 1 - weight : 0));
  const symbols = new Uint8Array(1 << maxBits);
  const bits = new Uint8Array(1 << maxBits);
  let code = 0;
  for (let width = maxBits; width > 0; width -= 1) {
    widths.forEach((each, symbol) => {
      if (each !== width) return;
      const end = code + (1 << (maxBits - width));
      symbols.fill(symbol, code, end);
      bits.fill(width, code, end);
      code = end;
    });
  }
  return { maxBits, symbols, bits };
}

/** Decodes a stream into the whole of `output`, which it must fill exactly. */
export function decodeHuffman(table: HuffmanTable, bytes: Uint8Array, output: Uint8Array): void {
  const { maxBits, symbols, bits: widths } = table;
  const bits = new BackwardBits(bytes);
  const mask = (1 << maxBits) - 1;
  let state = bits.read(maxBits);
  for (let i = 0; i < output.length; i += 1) {
    output[i] = symbols[state] ?? 0;
    const width = widths[state] ?? 0;
    state = ((state << width) | bits.read(width)) & mask;
  }
  if (bits.left !== -maxBits) throw new ZstdError('a stream of literals has another length');
}

/** @throws ZstdError when there are not so many bytes */
export function slice(bytes: Uint8Array, from: number, length: number): Uint8Array {
  if (from + length > bytes.length) throw new ZstdError('a block ends early');
  return bytes.subarray(from, from + length);
}
