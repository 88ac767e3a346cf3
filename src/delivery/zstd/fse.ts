import { ForwardBits, highestBit, type BackwardBits } from './bits';
import { ZstdError } from './zstd-error';

/** A table of finite state entropy (RFC 8878, 4.1): for each state its symbol and how the next state is read. */
export interface FseTable {
  accuracyLog: number;
  symbols: Uint8Array;
  bits: Uint8Array;
  baselines: Uint16Array;
}

/** A decoder's place in a table. */
export class FseState {
  private state: number;

  constructor(
    private readonly table: FseTable,
    bits: BackwardBits,
  ) {
    this.state = bits.read(table.accuracyLog);
  }

  get symbol(): number {
    return this.table.symbols[this.state] ?? 0;
  }

  advance(bits: BackwardBits): void {
    const { bits: counts, baselines } = this.table;
    this.state = (baselines[this.state] ?? 0) + bits.read(counts[this.state] ?? 0);
  }
}

/** The table of one symbol that is always meant. */
export function oneSymbolTable(symbol: number): FseTable {
  return {
    accuracyLog: 0,
    symbols: Uint8Array.of(symbol),
    bits: Uint8Array.of(0),
    baselines: Uint16Array.of(0),
  };
}

/**
 * Reads a table's description.
 *
 * @returns the table, and how many bytes it took
 */
export function readFseTable(
  bytes: Uint8Array,
  { maxLog, symbols }: { maxLog: number; symbols: number },
): { table: FseTable; used: number } {
  const input = new ForwardBits(bytes);
  const accuracyLog = input.read(4) + 5;
  if (accuracyLog > maxLog) throw new ZstdError('a table is too large');
  const counts: number[] = [];
  let left = 1 << accuracyLog;
  while (left > 0) {
    const count = readCount(input, left);
    left -= Math.abs(count);
    counts.push(count);
    if (count === 0) pushZeros(input, counts);
    if (counts.length > symbols) throw new ZstdError('a table has too many symbols');
  }
  return { table: fseTable(counts, accuracyLog), used: input.used };
}

/** A number from -1 to `left`, in one bit less when it is small. */
function readCount(input: ForwardBits, left: number): number {
  const width = highestBit(left + 1) + 1;
  const value = input.read(width);
  const lowMask = (1 << (width - 1)) - 1;
  const shorter = (1 << width) - 1 - (left + 1);
  if ((value & lowMask) < shorter) {
    input.unreadOne();
    return (value & lowMask) - 1;
  }
  return (value > lowMask ? value - shorter : value) - 1;
}

function pushZeros(input: ForwardBits, counts: number[]): void {
  let repeat: number;
  do {
    repeat = input.read(2);
    for (let i = 0; i < repeat; i += 1) counts.push(0);
  } while (repeat === 3 && counts.length < 256);
}

/** @param counts how often each symbol is there, of 2^accuracyLog in all; -1: rarer than once */
export function fseTable(counts: readonly number[], accuracyLog: number): FseTable {
  const size = 1 << accuracyLog;
  const symbols = new Uint8Array(size);
  const next = counts.map((count) => Math.abs(count));
  let rareFrom = size;
  counts.forEach((count, symbol) => {
    if (count === -1) symbols[(rareFrom -= 1)] = symbol;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let position = 0;
  counts.forEach((count, symbol) => {
    for (let i = 0; i < count; i += 1) {
      symbols[position] = symbol;
      do position = (position + step) & (size - 1);
      while (position >= rareFrom);
    }
  });

  const bits = new Uint8Array(size);
  const baselines = new Uint16Array(size);
  symbols.forEach((symbol, state) => {
    const value = next[symbol] ?? 1;
    next[symbol] = value + 1;
    const width = accuracyLog - highestBit(value);
    bits[state] = width;
    baselines[state] = (value << width) - size;
  });
  return { accuracyLog, symbols, bits, baselines };
}
