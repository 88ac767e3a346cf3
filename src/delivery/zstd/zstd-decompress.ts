import { readLiterals } from './literals';
import { executeSequences, type SequenceHistory } from './sequences';
import type { HuffmanTable } from './huffman';
import { Window } from './window';
import { ZstdError } from './zstd-error';

/** RFC 9659: what a receiver may ask of a client. Bytes. */
const MAX_WINDOW = 8 * 1_048_576;

/** RFC 8878, 3.1.1.2. Bytes. */
const MAX_BLOCK = 131_072;

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;

interface Frame {
  window: Window;
  maxBlock: number;
  /** Absent when the frame does not say. */
  contentSize: number | undefined;
  hasChecksum: boolean;
  tree: HuffmanTable | undefined;
  history: SequenceHistory;
}

/**
 * Decompresses zstd (RFC 8878) block by block, as it is asked for: 128 KB at most are made ahead, and memory grows with
 * what is made. Written here because Node has it only since 22.15, and because other decoders in JavaScript let a small
 * block run for minutes: here no block makes more than it may, whatever its bytes. Checksums are not verified, as TCP and TLS
 * have their own; dictionaries are refused.
 *
 * @throws ZstdError when the bytes are not zstd, end early, or ask for a window over 8 MB
 */
export async function* zstdDecompress(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const input = new Input(source);
  while (!(await input.isAtEnd())) {
    const magic = (await input.take(4)).readUInt32LE();
    if ((magic & 0xfffffff0) === SKIPPABLE_MAGIC) {
      await input.skip((await input.take(4)).readUInt32LE());
    } else if (magic === MAGIC) {
      yield* frameContent(input);
    } else {
      throw new ZstdError('this is not zstd');
    }
  }
}

async function* frameContent(input: Input): AsyncGenerator<Buffer, void> {
  const frame = await readFrameHeader(input);
  let size = 0;
  for (let isLast = false; !isLast;) {
    const header = (await input.take(3)).readUIntLE(0, 3);
    isLast = (header & 1) === 1;
    const length = await decodeBlock(input, frame, (header >> 1) & 3, header >> 3);
    size += length;
    if (size > (frame.contentSize ?? size)) throw new ZstdError('there is more than the frame has announced');
    if (length > 0) yield frame.window.last(length);
  }
  if (frame.contentSize !== undefined && size !== frame.contentSize) {
    throw new ZstdError('there is less than the frame has announced');
  }
  if (frame.hasChecksum) await input.skip(4);
}

async function readFrameHeader(input: Input): Promise<Frame> {
  const descriptor = (await input.take(1)).readUInt8();
  const isSingleSegment = (descriptor & 32) !== 0;
  if ((descriptor & 8) !== 0) throw new ZstdError('a reserved bit is set');
  const windowDescriptor = isSingleSegment ? undefined : (await input.take(1)).readUInt8();
  const dictionarySize = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const dictionary = await input.take(dictionarySize);
  if (dictionary.some((byte) => byte !== 0)) throw new ZstdError('a dictionary is asked for');
  const sizeLength = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const contentSize = readContentSize(await input.take(sizeLength));
  const windowSize =
    windowDescriptor === undefined
      ? (contentSize ?? 0)
      : 2 ** (10 + (windowDescriptor >> 3)) * (1 + (windowDescriptor & 7) / 8);
  if (windowSize > MAX_WINDOW) throw new ZstdError('the window is over 8 MB');
  return {
    window: new Window(windowSize),
    maxBlock: Math.min(windowSize, MAX_BLOCK),
    contentSize,
    hasChecksum: (descriptor & 4) !== 0,
    tree: undefined,
    history: { tables: undefined, offsets: [1, 4, 8] },
  };
}

function readContentSize(bytes: Buffer): number | undefined {
  switch (bytes.length) {
    case 0:
      return undefined;
    case 2:
      return bytes.readUInt16LE() + 256;
    case 8:
      return Number(bytes.readBigUInt64LE());
    default:
      return bytes.readUIntLE(0, bytes.length);
  }
}

/** @returns the bytes that the block gives, which are the window's last ones then */
async function decodeBlock(input: Input, frame: Frame, kind: number, size: number): Promise<number> {
  const { window, maxBlock } = frame;
  if (size > maxBlock) throw new ZstdError('a block is too large');
  switch (kind) {
    case 0:
      window.append(await input.take(size));
      return size;
    case 1:
      window.fill((await input.take(1)).readUInt8(), size);
      return size;
    case 2: {
      const block = await input.take(size);
      const literals = readLiterals(block, maxBlock, frame.tree);
      frame.tree = literals.tree;
      const { history } = frame;
      return executeSequences(block.subarray(literals.used), literals.bytes, {
        window,
        history,
        limit: maxBlock,
      });
    }
    default:
      throw new ZstdError('a block is of no kind');
  }
}

/** Bytes that come in pieces of any length. */
class Input {
  private readonly pieces: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.pieces = source[Symbol.asyncIterator]();
  }

  async isAtEnd(): Promise<boolean> {
    return this.rest.length === 0 && !(await this.fetch());
  }

  /** @param length 128 KB at most */
  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      if (await this.isAtEnd()) throw new ZstdError('the bytes end early');
      const part = this.rest.subarray(0, missing);
      this.rest = this.rest.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    const [only] = parts;
    return only !== undefined && parts.length === 1 ? only : Buffer.concat(parts);
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0;) {
      const step = Math.min(left, MAX_BLOCK);
      await this.take(step);
      left -= step;
    }
  }

  /** @returns whether there was another piece */
  private async fetch(): Promise<boolean> {
    while (this.rest.length === 0) {
      const piece = await this.pieces.next();
      if (piece.done === true) return false;
      this.rest = piece.value;
    }
    return true;
  }
}
