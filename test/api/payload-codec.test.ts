import { randomBytes } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import { defaultPayloadConverter } from '@temporalio/common';
import { encodeToPayload, loadDataConverter } from '@temporalio/common/lib/internal-non-workflow';
import { MAX_PAYLOAD_BYTES } from '../../src/shared/limits';
import { jsonOf } from '../../src/api/schemas/payload';
import { createDataConverter } from '../../src/temporal/payload-codec';
import { parsePayloadKeys } from '../../src/temporal/payload-keys';
import type { Role } from '../../src/store/api-key-store';
import { ApiLab, pathsOf, type CheckedCaller } from './lab';

const UI = 'http://127.0.0.1:8233';
const DECODE = '/temporal/codec/decode';
const ENCODE = '/temporal/codec/encode';

const newKey = () => randomBytes(32).toString('base64');
const withKey = createDataConverter(parsePayloadKeys(newKey()));

type PayloadJson = ReturnType<typeof jsonOf>;
interface PayloadsJson {
  payloads: PayloadJson[];
}

let lab: ApiLab;
let operator: CheckedCaller;
let decoder: CheckedCaller;
beforeAll(async () => {
  lab = await ApiLab.open(undefined, {
    dataConverter: withKey,
    codecOrigins: [UI],
    requestsPerSecond: 50,
  });
  operator = lab.operator();
  decoder = await lab.colleague(operator, 'decoder');
});
afterAll(() => lab.close());

/** A value as it stands in a history. */
async function stored(value: unknown, dataConverter = withKey): Promise<PayloadJson> {
  return jsonOf(await encodeToPayload(loadDataConverter(dataConverter), value));
}

/** A value as people see it. */
function plain(value: unknown): PayloadJson {
  return jsonOf(defaultPayloadConverter.toPayload(value));
}

function decode(caller: CheckedCaller, ...payloads: unknown[]) {
  return caller.call<PayloadsJson>('POST', DECODE, { payloads });
}

describe('the codec', () => {
  it('decodes what a history has, whatever has become of it, in its order', async () => {
    const large = { text: 'grade C '.repeat(5_000) };
    const payloads = [
      await stored({ small: true }),
      await stored(large),
      await stored(large, createDataConverter([])),
      await stored({ old: true }, {}),
      await stored(undefined),
    ];
    const { status, body } = await decode(operator, ...payloads);
    expect(status).toBe(200);
    expect(body.payloads).toEqual(
      [{ small: true }, large, large, { old: true }, undefined].map((value) => plain(value)),
    );
  });

  it('encodes what is to go into a history', async () => {
    const { body } = await operator.call<PayloadsJson>('POST', ENCODE, { payloads: [plain('canary')] });
    const [encoded] = body.payloads;
    expect(Buffer.from(encoded?.data ?? '', 'base64').toString('latin1')).not.toContain('canary');
    expect((await decode(operator, encoded)).body.payloads).toEqual([plain('canary')]);
  });

  it('takes a payload without data as Temporal writes it', async () => {
    const nothing = { metadata: { encoding: Buffer.from('binary/null').toString('base64') }, data: null };
    expect((await decode(operator, nothing)).body.payloads).toEqual([plain(undefined)]);
  });

  it.each([DECODE, ENCODE])(
    'heeds nothing in a query, and %s refuses none: Temporal’s UI has one',
    async (path) => {
      const answer = await operator.call('POST', `${path}?preserveStorageRefs=true`, { payloads: [] });
      expect([answer.status, answer.body]).toEqual([200, { payloads: [] }]);
    },
  );

  it('says which payload it has no key for', async () => {
    const foreign = await stored('secret', createDataConverter(parsePayloadKeys(newKey())));
    const answer = await operator.call('POST', DECODE, { payloads: [await stored('own'), foreign] });
    expect(answer.status).toBe(422);
    expect(answer.body['errors']).toEqual([
      {
        path: 'payloads[1]',
        message: expect.stringMatching(/^a payload is encrypted with the key /) as string,
      },
    ]);
  });

  it.each([
    ['data that is no base64', { payloads: [{ data: 'a' }] }, ['payloads[0].data']],
    ['metadata that is no base64', { payloads: [{ metadata: { a: '*' } }] }, ['payloads[0].metadata.a']],
    ['no payloads', {}, ['payloads']],
    ['what is no payload', { payloads: ['text'] }, ['payloads[0]']],
  ])('refuses %s', async (_what, body, paths) => {
    expect(pathsOf(await operator.call('POST', DECODE, body))).toEqual(paths);
  });

  it('takes as much as a message of Temporal may have', async () => {
    const text = 'x'.repeat(MAX_PAYLOAD_BYTES - 2);
    const { status, body } = await decode(operator, await stored(text, {}));
    expect([status, body.payloads[0]?.data?.length]).toEqual([
      200,
      (MAX_PAYLOAD_BYTES / 3) * 4 + (4 / 3) * 2,
    ]);
  });

  it('refuses more', async () => {
    expect((await decode(operator, await stored('x'.repeat(2 * MAX_PAYLOAD_BYTES), {}))).status).toBe(413);
  });

  it('refuses a few bytes that would unpack to more than it answers with', async () => {
    const zeros = await stored('x'.repeat(MAX_PAYLOAD_BYTES - 100), createDataConverter([]));
    expect((await decode(operator, zeros, zeros, zeros)).status).toBe(200);
    expect((await decode(operator, zeros, zeros, zeros, zeros, zeros)).status).toBe(413);
    const bomb = {
      metadata: { encoding: Buffer.from('binary/brotli').toString('base64') },
      data: brotliCompressSync(Buffer.alloc(2 * MAX_PAYLOAD_BYTES)).toString('base64'),
    };
    expect((await decode(operator, bomb)).status).toBe(422);
  });
});

/** As Temporal's UI asks. */
function asUi(path: string, payloads: unknown[], origin = UI): Promise<Response> {
  return fetch(lab.api.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-namespace': 'default', origin },
    body: JSON.stringify({ payloads }),
  });
}

const inAddress = (key: string) => `/temporal/codec/${key}/decode`;

describe('a key in the address', () => {
  it('of a decoder decodes', async () => {
    const path = `${inAddress(decoder.key)}?preserveStorageRefs=true`;
    const response = await asUi(path, [await stored('seen')]);
    expect([response.status, await response.json()]).toEqual([200, { payloads: [plain('seen')] }]);
  });

  it.each<Role>(['admin', 'editor', 'viewer', 'sender'])(
    'of the role %s does not: it may do more, and addresses are seen by many',
    async (role) => {
      const { key } = await lab.colleague(operator, role);
      expect((await asUi(inAddress(key), [])).status).toBe(403);
    },
  );

  it('of a decoder of another workspace does not', async () => {
    const { key } = await lab.colleague(await lab.workspace(), 'decoder');
    expect((await asUi(inAddress(key), [])).status).toBe(403);
  });

  it('that is none does not, even when a good one is beside it', async () => {
    const answer = await operator.call('POST', inAddress('none'), { payloads: [] });
    expect(answer.status).toBe(401);
  });

  it('does not encode', async () => {
    expect((await asUi(`/temporal/codec/${decoder.key}/encode`, [])).status).toBe(401);
  });

  it('is not in the log', async () => {
    const { key } = await lab.colleague(operator, 'decoder');
    await asUi(inAddress(key), []);
    await asUi(`/temporal/codec/${key}`, []);
    await asUi(`/temporal/codec/${key}/decode?namespace=default`, []);
    await asUi(`/temporal/codec/${key}/decode/%zz`, []);
    const log = lab.log.join('');
    expect(log).toContain('/temporal/codec/[redacted]/decode');
    expect(log).not.toContain(key.slice(-43));
  });

  it('is not in the OpenAPI document, which says how it is used', () => {
    const paths = Object.keys(lab.contract.document.paths ?? {}).filter((path) => path.includes('codec'));
    expect(paths).toEqual([DECODE, ENCODE]);
  });
});

describe('a page of Temporal’s UI', () => {
  /** As Chromium asks before it sends what a page wants to send. */
  function preflight(path: string, origin: string, more: Record<string, string> = {}): Promise<Response> {
    return fetch(lab.api.url + path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-namespace',
        ...more,
      },
    });
  }

  it('is told beforehand, without a key, what it may send', async () => {
    for (const path of [DECODE, ENCODE, inAddress(decoder.key)]) {
      const { status, headers } = await preflight(path, UI);
      expect(status).toBe(204);
      expect(Object.fromEntries(headers)).toMatchObject({
        'access-control-allow-origin': UI,
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': expect.stringContaining('content-type, x-namespace') as string,
        vary: 'origin',
      });
    }
  });

  it('of the Internet may ask a service in a private network', async () => {
    const asked = { 'access-control-request-private-network': 'true' };
    const { headers } = await preflight(DECODE, UI, asked);
    expect(headers.get('access-control-allow-private-network')).toBe('true');
    expect((await preflight(DECODE, UI)).headers.has('access-control-allow-private-network')).toBe(false);
  });

  it('is shown an answer', async () => {
    const { headers } = await asUi(inAddress(decoder.key), [await stored('seen')]);
    expect(headers.get('access-control-allow-origin')).toBe(UI);
  });

  it.each([
    ['a wrong key', 401, () => asUi(inAddress('none'), [])],
    ['no key', 401, () => asUi(DECODE, [])],
    ['a wrong body', 422, () => asUi(inAddress(decoder.key), ['text'])],
  ])('is shown why it is refused: %s', async (_why, status, ask) => {
    const response = await ask();
    expect(response.status).toBe(status);
    expect(response.headers.get('access-control-allow-origin')).toBe(UI);
  });

  it.each([`${UI}0`, 'http://127.0.0.1', 'https://127.0.0.1:8233', 'null', 'https://evil.example'])(
    'is none that comes from %s',
    async (origin) => {
      const answers = [await preflight(DECODE, origin), await asUi(inAddress(decoder.key), [], origin)];
      for (const { headers } of answers) expect(headers.has('access-control-allow-origin')).toBe(false);
    },
  );

  it('may ask nothing else', async () => {
    for (const path of ['/v1/rules', '/openapi.json', '/temporal/codecs']) {
      const { headers } = await preflight(path, UI);
      expect(headers.has('access-control-allow-origin')).toBe(false);
    }
  });

  it('may ask for every event of a history at once', async () => {
    const payload = await stored('seen');
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => asUi(inAddress(decoder.key), [payload])),
    );
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  });
});
