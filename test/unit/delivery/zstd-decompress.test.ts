import fc from 'fast-check';
import { ZstdError } from '../../../src/delivery/zstd/zstd-error';
import { zstdDecompress } from '../../../src/delivery/zstd/zstd-decompress';
import { zstdSample, zstdSamples } from '../../support/zstd-samples';

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

async function* inPieces(bytes: Buffer, length: number): AsyncGenerator<Buffer, void> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function decompress(bytes: Buffer, pieceLength = 65_536): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of zstdDecompress(inPieces(bytes, pieceLength))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A block's header and content. */
function block(kind: 0 | 1 | 2 | 3, size: number, content: number[], isLast = true): number[] {
  const header = (size << 3) | (kind << 1) | (isLast ? 1 : 0);
  return [header & 255, (header >> 8) & 255, header >> 16, ...content];
}

/** A frame with a window of 1 MB that does not say how long it is. */
function frame(...blocks: number[][]): Buffer {
  return Buffer.from([...MAGIC, 0, 0x50, ...blocks.flat()]);
}

describe('what zstd has compressed is read', () => {
  const samples = Object.entries(zstdSamples);

  it.each(samples)('%s', async (name, expected) => {
    expect((await decompress(zstdSample(name))).equals(expected)).toBe(true);
  });

  it.each(samples)('%s, in pieces of any length', async (name, expected) => {
    expect((await decompress(zstdSample(name), 7)).equals(expected)).toBe(true);
  });

  it('as several frames, with some between that are to be skipped', async () => {
    const skipped = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const frames = Buffer.concat([zstdSample('short'), skipped, zstdSample('random'), skipped]);
    const expected = [zstdSamples['short'], zstdSamples['random']] as Buffer[];
    expect((await decompress(frames)).equals(Buffer.concat(expected))).toBe(true);
  });

  it('as nothing at all', async () => {
    expect(await decompress(Buffer.alloc(0))).toHaveLength(0);
  });
});

describe('it is refused:', () => {
  it.each<[string, Buffer, string]>([
    ['what is not zstd', Buffer.from('{"ok":true}'), 'this is not zstd'],
    ['a frame that ends early', zstdSample('text-level-1').subarray(0, 10_000), 'the bytes end early'],
    ['a window over 8 MB', Buffer.from([...MAGIC, 0, 0x69, 1, 0, 0]), 'the window is over 8 MB'],
    [
      'a content over 8 MB in one segment',
      Buffer.from([...MAGIC, 0xa0, 1, 0, 128, 0]),
      'the window is over 8 MB',
    ],
    ['a dictionary', Buffer.from([...MAGIC, 1, 0x50, 7]), 'a dictionary is asked for'],
    ['a reserved bit', Buffer.from([...MAGIC, 8, 0x50]), 'a reserved bit is set'],
    ['a block of no kind', frame(block(3, 0, [])), 'a block is of no kind'],
    ['a block over 128 KB', frame(block(1, 131_073, [0])), 'a block is too large'],
    [
      'more than announced',
      Buffer.from([...MAGIC, 0x20, 3, ...block(1, 2, [0], false), ...block(1, 2, [0])]),
      'there is more than the frame has announced',
    ],
    [
      'less than announced',
      Buffer.from([...MAGIC, 0x20, 3, ...block(1, 2, [0])]),
      'there is less than the frame has announced',
    ],
    [
      'a match before the beginning',
      // Two literals, and one sequence: no literals, an offset of 253, a match of 3.
      frame(block(2, 10, [0x10, 1, 2, 1, 0x54, 0, 8, 0, 0, 1])),
      'a match reaches too far back',
    ],
  ])('%s', async (_what, bytes, why) => {
    await expect(decompress(bytes)).rejects.toThrow(why);
  });

  it('a small block that would come to gigabytes, before it comes to more than 128 KB', async () => {
    // One literal, then 20,000 sequences of codes that do not change: no literals, offset 1, a match of 65,539 bytes and more.
    const content = [0x08, 7, 254, 0x20, 0x54, 0, 0, 52, ...new Array<number>(40_000).fill(0xff), 1];
    await expect(
      decompress(frame(block(0, 1, [1], false), block(2, content.length, content))),
    ).rejects.toThrow('a block is too large');
  });
});

it('no more than a block is made before it is asked for', async () => {
  const blocks = Array.from({ length: 1_000 }, () => block(1, 131_072, [0], false));
  let taken = 0;
  async function* source(): AsyncGenerator<Buffer, void> {
    taken += 1;
    yield frame(...blocks);
  }
  const chunks = zstdDecompress(source());
  const first = await chunks.next();
  await chunks.return();
  expect(first.value).toHaveLength(131_072);
  expect(taken).toBe(1);
});

it('bytes that were changed on the way are refused, or come to bytes in bounded blocks: nothing else happens', async () => {
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  const changed = fc
    .tuple(fc.constantFrom(...Object.keys(zstdSamples)), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([name, changes]) => {
      const bytes = zstdSample(name);
      // Mostly at the beginning, where the tables are.
      for (const [at, value] of changes) bytes[4 + (at % Math.min(bytes.length - 4, 200))] = value;
      return bytes;
    });
  await fc.assert(
    fc.asyncProperty(changed, async (bytes) => {
      const { lengths, error } = await outcome(bytes);
      expect(Math.max(0, ...lengths)).toBeLessThanOrEqual(131_072);
      expect(error ?? new ZstdError()).toBeInstanceOf(ZstdError);
    }),
    { numRuns: 500 },
  );
});

async function outcome(bytes: Buffer): Promise<{ lengths: number[]; error?: unknown }> {
  const lengths: number[] = [];
  try {
    for await (const chunk of zstdDecompress(inPieces(bytes, 65_536))) lengths.push(chunk.length);
    return { lengths };
  } catch (error) {
    return { lengths, error };
  }
}
