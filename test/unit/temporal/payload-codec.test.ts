import { randomBytes } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { decode, encode } from '@temporalio/common/lib/internal-non-workflow';
import fc from 'fast-check';
import { COMPRESS_FROM_BYTES, MAX_PAYLOAD_BYTES } from '../../../src/shared/limits';
import { PayloadUnreadableError } from '../../../src/shared/payload-unreadable';
import { createDataConverter } from '../../../src/temporal/payload-codec';
import { parsePayloadKeys } from '../../../src/temporal/payload-keys';

const [FIRST, SECOND] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const json = { text: '{"grade":"C","issue":"tls"}'.repeat(400) };
const noise = randomBytes(20_000);

/** As the SDK uses it, with the keys of PAYLOAD_ENCRYPTION_KEY; none: there is no such setting. */
function codec(...keys: string[]) {
  const parsed = keys.length === 0 ? [] : parsePayloadKeys(keys.join(','));
  const codecs = createDataConverter(parsed).payloadCodecs ?? [];
  return {
    encode: async (value: unknown) => only(await encode(codecs, [defaultPayloadConverter.toPayload(value)])),
    decode: async (payload: Payload) =>
      defaultPayloadConverter.fromPayload(only(await decode(codecs, [payload]))),
    payload: async (payload: Payload) => only(await decode(codecs, await encode(codecs, [payload]))),
  };
}

function only([payload]: Payload[]): Payload {
  if (payload === undefined) throw new Error('there is no payload');
  return payload;
}

const encodingOf = ({ metadata }: Payload) => Buffer.from(metadata?.['encoding'] ?? []).toString();

describe('without a key', () => {
  it('a small payload is as the SDK made it', async () => {
    expect(await codec().encode({ small: true })).toEqual(defaultPayloadConverter.toPayload({ small: true }));
  });

  it('a large payload is compressed', async () => {
    const payload = await codec().encode(json);
    expect(encodingOf(payload)).toBe('binary/brotli');
    expect(payload.data?.length).toBeLessThan(COMPRESS_FROM_BYTES);
    expect(await codec().decode(payload)).toEqual(json);
  });

  it('a large payload that does not shrink is left alone', async () => {
    expect(await codec().encode(noise)).toEqual(defaultPayloadConverter.toPayload(noise));
  });

  it('a payload that would be too large to be decoded is left alone', async () => {
    const huge = 'x'.repeat(MAX_PAYLOAD_BYTES);
    expect(encodingOf(await codec().encode(huge))).toBe('json/plain');
  });

  it('the largest payload that is compressed can be decoded', async () => {
    const overhead = 64;
    const payload = await codec().encode('x'.repeat(MAX_PAYLOAD_BYTES - overhead));
    expect(encodingOf(payload)).toBe('binary/brotli');
    expect((await codec().decode(payload)) as string).toHaveLength(MAX_PAYLOAD_BYTES - overhead);
  });

  it('a payload that unpacks to more than that is refused before it is unpacked', async () => {
    const bomb = brotliCompressSync(Buffer.alloc(2 * MAX_PAYLOAD_BYTES), {
      params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
    });
    const payload = { metadata: { encoding: Buffer.from('binary/brotli') }, data: bomb };
    await expect(codec().decode(payload)).rejects.toThrow('damaged or too large');
  });

  it('an encrypted payload is refused, and what is missing is said', async () => {
    const payload = await codec(FIRST).encode(json);
    await expect(codec().decode(payload)).rejects.toThrow(
      /^a payload is encrypted with the key [\w-]{8}, and PAYLOAD_ENCRYPTION_KEY is not set$/,
    );
  });
});

describe('with a key', () => {
  it.each([
    ['small', { small: true }],
    ['large', json],
    ['nothing', undefined],
    ['bytes', new Uint8Array(noise)],
  ])('a payload that is %s shows nothing of itself, and is decrypted whole', async (_what, value) => {
    const payload = await codec(FIRST).encode(value);
    expect(encodingOf(payload)).toBe('binary/encrypted');
    expect(Buffer.from(payload.data ?? []).toString('latin1')).not.toMatch(/json|small|grade|binary/);
    expect(await codec(FIRST).decode(payload)).toEqual(value);
  });

  it('a large payload is compressed first', async () => {
    expect((await codec(FIRST).encode(json)).data?.length).toBeLessThan(1_000);
  });

  it('the same payload never looks the same twice', async () => {
    const [one, other] = await Promise.all([codec(FIRST).encode(json), codec(FIRST).encode(json)]);
    expect(one.data).not.toEqual(other.data);
  });

  it('payloads from before there was one are readable', async () => {
    expect(await codec(FIRST).decode(await codec().encode(json))).toEqual(json);
    expect(await codec(FIRST).decode(await codec().encode({ small: true }))).toEqual({ small: true });
  });

  it('another one than the payload was encrypted with is named, with those that are there', async () => {
    const payload = await codec(FIRST).encode(json);
    const failed = codec(SECOND).decode(payload);
    await expect(failed).rejects.toBeInstanceOf(PayloadUnreadableError);
    await expect(failed).rejects.toThrow(
      /^a payload is encrypted with the key [\w-]{8}, and PAYLOAD_ENCRYPTION_KEY has [\w-]{8} only$/,
    );
  });

  it('every change to a payload is noticed', async () => {
    const payload = await codec(FIRST).encode('a secret');
    const data = Buffer.from(payload.data ?? []);
    for (let place = 0; place < data.length; place += 1) {
      const changed = Buffer.from(data);
      changed[place] = (changed[place] ?? 0) ^ 1;
      await expect(codec(FIRST).decode({ ...payload, data: changed })).rejects.toThrow('is damaged');
    }
  });

  it.each([0, 1, 24, 39])('a payload of %i bytes is refused', async (length) => {
    const { metadata } = await codec(FIRST).encode('a secret');
    const payload = { ...(metadata && { metadata }), data: Buffer.alloc(length) };
    await expect(codec(FIRST).decode(payload)).rejects.toThrow('is damaged');
  });
});

describe('with several keys', () => {
  it('the first one encrypts, and each decrypts', async () => {
    const old = await codec(FIRST).encode(json);
    const rotated = codec(SECOND, FIRST);
    expect(await rotated.decode(old)).toEqual(json);
    const fresh = await rotated.encode(json);
    expect(await codec(SECOND).decode(fresh)).toEqual(json);
    await expect(codec(FIRST).decode(fresh)).rejects.toThrow(PayloadUnreadableError);
  });
});

it('any payload comes back as it was, with its metadata', async () => {
  const bytes = fc.uint8Array({ maxLength: 2 * COMPRESS_FROM_BYTES }).map((each) => Buffer.from(each));
  const payloads = fc.record({
    metadata: fc.dictionary(
      fc.string({ minLength: 1 }),
      fc.uint8Array().map((each) => Buffer.from(each)),
    ),
    data: fc.oneof(
      bytes,
      fc.string().map((text) => Buffer.from(text.repeat(500))),
    ),
  });
  await fc.assert(
    fc.asyncProperty(payloads, fc.constantFrom([], [FIRST], [SECOND, FIRST]), async (payload, keys) => {
      const { metadata, data } = await codec(...keys).payload(payload);
      expect(Object.entries(metadata ?? {}).map(([name, value]) => [name, [...value]])).toEqual(
        Object.entries(payload.metadata).map(([name, value]) => [name, [...value]]),
      );
      expect(Buffer.from(data ?? []).equals(payload.data)).toBe(true);
    }),
  );
});

describe('PAYLOAD_ENCRYPTION_KEY', () => {
  it.each([
    ['what is no base64', 'secret', 'key 1 is not 32 bytes in base64'],
    ['a key that is too short', randomBytes(31).toString('base64'), 'key 1 is not 32 bytes'],
    ['a key that is too long', randomBytes(33).toString('base64'), 'key 1 is not 32 bytes'],
    ['a key with a letter that is none of base64', `${FIRST.slice(0, 40)}*${FIRST.slice(41)}`, 'key 1'],
    ['an empty place', `${FIRST},`, 'key 2 is not 32 bytes'],
    ['one key twice', `${FIRST},${SECOND},${FIRST}`, 'key 3 is there twice'],
  ])('refuses %s, and does not show it', (_what, text, message) => {
    const parse = () => parsePayloadKeys(text);
    expect(parse).toThrow(message);
    expect(parse).not.toThrow(text);
  });

  it('may have blanks around its keys', () => {
    expect(parsePayloadKeys(` ${FIRST} , ${SECOND} `)).toHaveLength(2);
  });

  it('does not show a key when it is logged', () => {
    expect(JSON.stringify(parsePayloadKeys(FIRST))).not.toContain(FIRST.slice(0, 20));
  });
});
