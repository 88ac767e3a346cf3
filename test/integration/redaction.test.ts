import { gzipSync } from 'node:zlib';
import { createWebhookSender, type CallResult, type WebhookSender } from '../../src/delivery/send';
import { MAX_RESPONSE_BYTES } from '../../src/shared/limits';
import { testEgress } from '../support/egress';
import { answerBytes, answerJson, Receiver, type Answer } from '../support/receiver';

const secret = 'sesame-open-0123456789';
const authorization = `Basic ${Buffer.from(`user:${secret}`).toString('base64')}`;

let sender: WebhookSender;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(() => {
  sender = createWebhookSender({ egress: testEgress(), userAgent: 'rule-webhooks/test' });
});
afterAll(() => sender.close());
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

/** Calls a receiver with the secret, which it may then send back. */
async function sendTo(answer: Answer): Promise<CallResult> {
  const target = await Receiver.start(answer);
  closing.push(() => target.close());
  return sender.send({
    workspace: 'default',
    url: target.url,
    headers: { authorization },
    body: '{}',
    onOversize: 'truncate',
    secrets: [secret],
  });
}

const echo =
  (status: number): Answer =>
  (request, response) => {
    const { authorization: sent = '' } = request.headers;
    answerJson(
      status,
      { sent, decoded: Buffer.from(sent.slice(6), 'base64').toString() },
      { 'x-sent': sent },
    )(request, response);
  };

describe('a receiver that sends back what it was sent', () => {
  it('has a success kept without the secrets', async () => {
    const result = await sendTo(echo(200));
    expect(result).toMatchObject({ delivered: true, attempt: { response: { body: { kind: 'json' } } } });
    expect(JSON.stringify(result)).not.toContain(secret);
    expect(JSON.stringify(result)).not.toContain(Buffer.from(secret).toString('base64').slice(4, 24));
    expect(JSON.stringify(result)).toContain('"decoded\\":\\"user:[redacted]');
  });

  it('has a failure kept without them', async () => {
    const result = await sendTo(echo(401));
    expect(result).toMatchObject({ delivered: false, attempt: { error: '401 Unauthorized' } });
    expect(JSON.stringify(result)).not.toContain(secret);
    expect(JSON.stringify(result)).toContain('user:[redacted]');
  });

  it('in compressed bytes has them masked as well', async () => {
    const result = await sendTo(answerBytes(gzipSync(`you sent ${secret}`), { 'content-encoding': 'gzip' }));
    expect(result).toMatchObject({ attempt: { response: { body: { data: 'you sent [redacted]' } } } });
  });

  it('in bytes that are kept as base64 has them masked before', async () => {
    const result = await sendTo(answerBytes(Buffer.concat([Buffer.from([0xff]), Buffer.from(secret)])));
    const data = Buffer.concat([Buffer.from([0xff]), Buffer.from('[redacted]')]).toString('base64');
    expect(result).toMatchObject({ attempt: { response: { body: { kind: 'binary', data } } } });
  });

  it.each([-30, -secret.length, -10, -1, 0])(
    'where the kept part ends (%i) has no beginning of one kept',
    async (offset) => {
      const before = 'x'.repeat(MAX_RESPONSE_BYTES + offset);
      const result = await sendTo(answerBytes(before + secret + 'y'.repeat(200_000)));
      expect(result).toMatchObject({ delivered: true, attempt: { response: { body: { truncated: true } } } });
      const { data = '' } = ('response' in result.attempt && result.attempt.response.body) || {};
      expect(data.length).toBeLessThanOrEqual(MAX_RESPONSE_BYTES);
      expect(data).not.toContain(secret.slice(0, 2));
    },
  );
});
