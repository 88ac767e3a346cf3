import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { repeatedByteZstd, skippableZstd, zstdSample, zstdSamples } from '../../support/zstd-samples';
import { edited } from '../mutations';

/** Bytes as text, one character for each. */
export const latin1 = (bytes: Buffer): string => bytes.toString('latin1');

const json = Buffer.from('{"ok":true,"items":[1,2,3],"text":"é"}');
const zeros = Buffer.alloc(20 * 1_048_576);
const bomb = gzipSync(zeros);
const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/** Of each coding: an honest body, a bomb, and what comes to nothing. */
const CODED: Record<string, Buffer[]> = {
  gzip: [gzipSync(json), bomb, Buffer.concat(new Array<Buffer>(20_000).fill(gzipSync('')))],
  'gzip, gzip': [gzipSync(gzipSync(json)), gzipSync(bomb)],
  'gzip, br, deflate': [deflateSync(brotliCompressSync(gzipSync(json)))],
  br: [brotliCompressSync(json, quick), brotliCompressSync(zeros, quick)],
  deflate: [deflateSync(json), deflateRawSync(json), deflateSync(zeros)],
  zstd: [...Object.keys(zstdSamples).map(zstdSample), repeatedByteZstd(8_000), skippableZstd(400_000)],
};

export interface CodedBody {
  encoding: string | undefined;
  /** As `latin1` has it. */
  body: string;
}

const encodings = [
  undefined,
  ...Object.keys(CODED),
  'identity',
  'x-gzip',
  'GZIP',
  'gzip,gzip,gzip,gzip,gzip,gzip',
  'nope',
];

const plain = fc.constantFrom(
  '',
  latin1(json),
  'x'.repeat(200_000),
  '{"a":'.repeat(5_000),
  '\0\x01\xff'.repeat(30),
);

/** A body with what is said of its coding: mostly the truth. */
export const codedBody: fc.Arbitrary<CodedBody> = fc.oneof(
  plain.map((body) => ({ encoding: undefined, body })),
  ...Object.entries(CODED).map(([encoding, bodies]) =>
    fc
      .constantFrom(...bodies.map(latin1))
      .chain((body) =>
        fc.oneof({ weight: 2, arbitrary: fc.constant(body) }, { weight: 3, arbitrary: edited(body) }),
      )
      .map((body) => ({ encoding, body })),
  ),
  fc.record({ encoding: fc.constantFrom(...encodings), body: plain }),
);
