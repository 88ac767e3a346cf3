import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const WORDS =
  'the order was paid by {"id": 1042, "state": "paid"}, and then it was sent back; null true é ü'.split(' ');

/** The same numbers each time, so that what a file holds need not be beside it. */
function numbers(): () => number {
  let state = 12_345;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

export function sampleText(length: number): string {
  const next = numbers();
  let text = '';
  while (text.length < length) text += `${WORDS[Math.floor(next() ** 2 * WORDS.length)] ?? ''} `;
  return text.slice(0, length);
}

export function sampleBytes(length: number): Buffer {
  const next = numbers();
  return Buffer.from(Array.from({ length }, () => Math.floor(next() * 256)));
}

/** What `zstd` 1.5.4 made, by the options that the name of the file says, of standard input unless it says "known size". */
export const zstdSamples: Record<string, Buffer> = {
  'text-level-1': Buffer.from(sampleText(200_000)),
  'text-level-6-no-check': Buffer.from(sampleText(200_000)),
  'text-level-19-known-size': Buffer.from(sampleText(200_000)),
  'text-fast': Buffer.from(sampleText(200_000)),
  'short-known-size': Buffer.from(sampleText(300)),
  short: Buffer.from(sampleText(300)),
  random: sampleBytes(3_000),
  zeros: Buffer.alloc(500_000),
  empty: Buffer.alloc(0),
  'far-match': Buffer.concat([sampleBytes(1_500), Buffer.alloc(400_000), sampleBytes(1_500)]),
};

export function zstdSample(name: string): Buffer {
  return readFileSync(join(__dirname, `../zstd-samples/${name}.zst`));
}

/** A frame of blocks that are one byte, repeated 128 KB times each: four bytes for it. */
export function repeatedByteZstd(blocks: number): Buffer {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x68]);
  const block = Buffer.alloc(4);
  block.writeUIntLE((131_072 << 3) | 2, 0, 3);
  return Buffer.concat([header, ...new Array<Buffer>(blocks).fill(block)]);
}

/** A frame that decoders skip. @param length in bytes */
export function skippableZstd(length: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x184d2a50, 0);
  header.writeUInt32LE(length, 4);
  return Buffer.concat([header, Buffer.alloc(length)]);
}
