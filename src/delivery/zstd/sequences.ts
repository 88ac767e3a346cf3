import { BackwardBits } from './bits';
import { FseState, fseTable, oneSymbolTable, readFseTable, type FseTable } from './fse';
import { slice } from './huffman';
import type { Window } from './window';
import { ZstdError } from './zstd-error';

/** Literal lengths, offsets, match lengths: the tables of one block. */
export type SequenceTables = [FseTable, FseTable, FseTable];

/** RFC 8878, 3.1.1.3.2.2: how often each code is there when a block does not say. */
const DEFAULT_TABLES: SequenceTables = [
  fseTable(
    [
      4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1,
      -1, -1,
    ],
    6,
  ),
  fseTable([1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1], 5),
  fseTable(
    [
      1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
      1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
    ],
    6,
  ),
];

const LIMITS = [
  { maxLog: 9, symbols: 36 },
  { maxLog: 8, symbols: 32 },
  { maxLog: 9, symbols: 53 },
] as const;

/** A code beyond this is an offset of more than the largest window. */
const MAX_OFFSET_CODE = 24;

/** RFC 8878, 3.1.1.3.2.1.1: extra bits of each code; the lengths of a code begin where those of the one before it end. */
const LITERAL_LENGTH_BITS = [
  ...new Array<number>(16).fill(0),
  ...[1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
];
const MATCH_LENGTH_BITS = [
  ...new Array<number>(32).fill(0),
  ...[1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
];
const LITERAL_LENGTHS = baselines(LITERAL_LENGTH_BITS, 0);
const MATCH_LENGTHS = baselines(MATCH_LENGTH_BITS, 3);

function baselines(extraBits: readonly number[], first: number): number[] {
  let next = first;
  return extraBits.map((bits) => {
    const baseline = next;
    next += 2 ** bits;
    return baseline;
  });
}

/** What blocks of one frame hand on. */
export interface SequenceHistory {
  tables: SequenceTables | undefined;
  /** The last three offsets, the last one first. */
  offsets: [number, number, number];
}

/**
 * Carries out a compressed block's sequences: literals, then a match, and again; what is left of the literals comes last.
 *
 * @param section the block from its sequences on
 * @param limit bytes that the block may come to
 * @returns the bytes that it came to
 */
export function executeSequences(
  section: Uint8Array,
  literals: Uint8Array,
  { window, history, limit }: { window: Window; history: SequenceHistory; limit: number },
): number {
  const { count, used } = sequenceCount(section);
  let literalsUsed = 0;
  let produced = 0;
  const add = (literalLength: number, matchLength: number) => {
    produced += literalLength + matchLength;
    if (produced > limit) throw new ZstdError('a block is too large');
    window.append(slice(literals, literalsUsed, literalLength));
    literalsUsed += literalLength;
  };

  if (count > 0) {
    const { tables, used: tablesUsed } = sequenceTables(section.subarray(used), history.tables);
    history.tables = tables;
    const bits = new BackwardBits(section.subarray(used + tablesUsed));
    const [literalState, offsetState, matchState] = tables.map((table) => new FseState(table, bits)) as [
      FseState,
      FseState,
      FseState,
    ];
    for (let i = 0; i < count; i += 1) {
      if (offsetState.symbol > MAX_OFFSET_CODE) throw new ZstdError('a match reaches too far back');
      const offsetValue = 2 ** offsetState.symbol + bits.read(offsetState.symbol);
      const matchLength = length(matchState.symbol, MATCH_LENGTHS, MATCH_LENGTH_BITS, bits);
      const literalLength = length(literalState.symbol, LITERAL_LENGTHS, LITERAL_LENGTH_BITS, bits);
      if (i < count - 1) for (const state of [literalState, matchState, offsetState]) state.advance(bits);
      if (bits.left < 0) throw new ZstdError('the sequences end early');
      add(literalLength, matchLength);
      window.repeat(offset(offsetValue, literalLength, history.offsets), matchLength);
    }
    if (bits.left !== 0) throw new ZstdError('there is more than the sequences');
  } else if (used !== section.length) {
    throw new ZstdError('there is more than the sequences');
  }
  add(literals.length - literalsUsed, 0);
  return produced;
}

function sequenceCount(section: Uint8Array): { count: number; used: number } {
  const [first = 0] = slice(section, 0, 1);
  if (first < 128) return { count: first, used: 1 };
  if (first < 255) return { count: (first - 128) * 256 + (slice(section, 1, 1)[0] ?? 0), used: 2 };
  const [low = 0, high = 0] = slice(section, 1, 2);
  return { count: low + high * 256 + 0x7f00, used: 3 };
}

function sequenceTables(
  bytes: Uint8Array,
  earlier: SequenceTables | undefined,
): { tables: SequenceTables; used: number } {
  const [modes = 0] = slice(bytes, 0, 1);
  if ((modes & 3) !== 0) throw new ZstdError('a reserved bit is set');
  let used = 1;
  const table = (index: 0 | 1 | 2): FseTable => {
    const mode = (modes >> (6 - index * 2)) & 3;
    if (mode === 0) return DEFAULT_TABLES[index];
    if (mode === 3) {
      if (earlier === undefined) throw new ZstdError('there is no earlier table');
      return earlier[index];
    }
    const rest = slice(bytes, used, bytes.length - used);
    if (mode === 1) {
      used += 1;
      const [symbol = 0] = slice(rest, 0, 1);
      if (symbol >= LIMITS[index].symbols) throw new ZstdError('a code does not exist');
      return oneSymbolTable(symbol);
    }
    const read = readFseTable(rest, LIMITS[index]);
    used += read.used;
    return read.table;
  };
  const tables: SequenceTables = [table(0), table(1), table(2)];
  return { tables, used };
}

function length(
  code: number,
  lengths: readonly number[],
  extraBits: readonly number[],
  bits: BackwardBits,
): number {
  return (lengths[code] ?? 0) + bits.read(extraBits[code] ?? 0);
}

/** Values up to 3 mean one of the last offsets (RFC 8878, 3.1.1.5). */
function offset(value: number, literalLength: number, last: SequenceHistory['offsets']): number {
  if (value > 3) {
    last.unshift(value - 3);
    last.pop();
    return last[0];
  }
  const index = value - (literalLength === 0 ? 0 : 1);
  const found = index === 3 ? last[0] - 1 : (last[index] ?? 0);
  if (index > 0) {
    last.splice(Math.min(index, 2), 1);
    last.unshift(found);
  }
  return found;
}
