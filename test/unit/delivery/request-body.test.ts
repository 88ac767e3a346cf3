import { requestBody } from '../../../src/delivery/request-body';
import { keptBody } from '../../../src/delivery/response-body';
import type { CalledWebhook } from '../../../src/shared/called-webhook';

const message = { scorecard_id: 'sc-1', domain: 'example.com', trigger: { type: 'grade_drop' } };
const first = {
  message,
  executionId: 'ex-1',
  createdAt: '2026-07-10T12:00:00.000Z',
  retries: 0,
  earlier: [],
};

function called(body: Buffer | string, truncated = false): CalledWebhook {
  const headers = { 'content-type': 'x/y' };
  return {
    url: 'https://example.com/a',
    response: { status: 200, headers, body: keptBody(Buffer.from(body), truncated) },
  };
}

function carried(body: Buffer | string, truncated = false): unknown {
  const text = requestBody({ ...first, earlier: [called(body, truncated)] });
  return (JSON.parse(text) as { webhooks: { response: unknown }[] }).webhooks[0]?.response;
}

describe('the request body', () => {
  it('of a first attempt has exactly the contract fields, without retries and webhooks', () => {
    expect(JSON.parse(requestBody(first))).toEqual({
      scorecard_id: 'sc-1',
      domain: 'example.com',
      trigger: { type: 'grade_drop' },
      execution_id: 'ex-1',
      created_at: '2026-07-10T12:00:00.000Z',
    });
  });

  it('of a retry says how many retries were performed', () => {
    expect(JSON.parse(requestBody({ ...first, retries: 2 }))).toHaveProperty('retries', 2);
  });

  it('passes on the scores of the event beside the contract fields', () => {
    const scores = { previous: { score: 90 }, current: { score: 78 }, platform_score_date: 20260710 };
    expect(JSON.parse(requestBody({ ...first, message: { ...message, ...scores } }))).toMatchObject(scores);
  });

  it('lists the called webhooks in call order, each with its url and response', () => {
    const text = requestBody({ ...first, earlier: [called('{"a":1}'), called('b')] });
    expect((JSON.parse(text) as { webhooks: unknown }).webhooks).toEqual([
      {
        url: 'https://example.com/a',
        response: { status: 200, headers: { 'content-type': 'x/y' }, body: { a: 1 } },
      },
      {
        url: 'https://example.com/a',
        response: { status: 200, headers: { 'content-type': 'x/y' }, body: 'b' },
      },
    ]);
  });
});

describe('a carried response body', () => {
  it('that is JSON stays JSON, to the last digit of a 64-bit integer', () => {
    const text = requestBody({ ...first, earlier: [called('{ "id": 9223372036854775807, "x": 1.0 }')] });
    expect(text).toContain('"body":{ "id": 9223372036854775807, "x": 1.0 }');
  });

  it('that is JSON nested 50,000 levels deep is carried whole', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(requestBody({ ...first, earlier: [called(deep)] })).toContain(`"body":${deep}`);
  });

  it('that is text stays text', () => {
    expect(carried('grüße "quoted"\n')).toHaveProperty('body', 'grüße "quoted"\n');
  });

  it('that is empty is an empty text', () => {
    expect(carried('')).toHaveProperty('body', '');
  });

  it('that is neither is base64 and says so', () => {
    expect(carried(Buffer.from([0xff, 0x00]))).toMatchObject({ body: '/wA=', encoding: 'base64' });
  });

  it('that was cut is text marked as truncated, even when the part would parse', () => {
    expect(carried('1234', true)).toMatchObject({ body: '1234', truncated: true });
  });

  it('that was cut inside a character loses only that character', () => {
    expect(carried(Buffer.from('aé').subarray(0, 2), true)).toMatchObject({ body: 'a', truncated: true });
  });

  it.each([
    ['quotes', '"'.repeat(1_000)],
    ['control characters', '\u0001'.repeat(1_000)],
  ])('of %s arrives as it was, though it is kept in base64', (_what, text) => {
    expect(carried(text)).toHaveProperty('body', text);
  });
});

describe('a kept body', () => {
  it.each([
    ['quotes', Buffer.from('"'.repeat(3_000))],
    ['control characters', Buffer.from('\u0001'.repeat(3_000))],
    ['random bytes', Buffer.from(Array.from({ length: 3_000 }, (_, i) => (i * 197) % 256))],
    ['text', Buffer.from('a'.repeat(3_000))],
  ])('of %s takes at most 4/3 of its length in JSON', (_what, bytes) => {
    expect(JSON.stringify(keptBody(bytes, false).data).length - 2).toBeLessThanOrEqual(4_000);
  });
});
