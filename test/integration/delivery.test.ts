import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { createWebhookSender, type CallResult, type WebhookSender } from '../../src/delivery/send';
import { createResolve } from '../../src/delivery/resolve';
import { MAX_RESPONSE_BYTES } from '../../src/shared/limits';
import { selfSignedCertificate } from '../support/certificate';
import { DnsServer } from '../support/dns-server';
import { answerBytes, answerGigabyteOfGzip, answerJson, Receiver, type Answer } from '../support/receiver';
import { testEgress } from '../support/egress';
import { zstdSample, zstdSamples } from '../support/zstd-samples';

let sender: WebhookSender;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(() => {
  sender = createWebhookSender({ egress: testEgress(), userAgent: 'rule-webhooks/test' });
});
afterAll(() => sender.close());
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

async function receiver(answer: Answer, tls?: { key: string; cert: string }): Promise<Receiver> {
  const started = await Receiver.start(answer, tls);
  closing.push(() => started.close());
  return started;
}

async function send(url: string, onOversize: 'truncate' | 'fail' = 'truncate'): Promise<CallResult> {
  return sender.send({ workspace: 'default', url, body: '{"a":1}', onOversize });
}

async function sendTo(answer: Answer): Promise<CallResult> {
  return send((await receiver(answer)).url);
}

/** A TCP server that answers the first bytes of a request as it likes. */
async function rawServer(answer: (socket: Socket) => void): Promise<string> {
  const server: Server = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .once('data', () => {
        answer(socket);
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('a call', () => {
  it('is a POST of the given bytes as JSON with a length', async () => {
    const target = await receiver(answerJson(200, {}));
    await send(`${target.url}/hook?x=1`);
    expect(target.requests[0]).toMatchObject({
      method: 'POST',
      path: '/hook?x=1',
      text: '{"a":1}',
      headers: {
        'content-type': 'application/json',
        'content-length': '7',
        'user-agent': 'rule-webhooks/test',
      },
    });
  });

  it('records when it began, how long it took, and what came back', async () => {
    expect(await sendTo(answerJson(201, { id: 7 }, { 'x-trace': 'abc' }))).toMatchObject({
      delivered: true,
      attempt: {
        startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/) as string,
        durationMs: expect.any(Number) as number,
        response: { status: 201, headers: { 'x-trace': 'abc' }, body: { kind: 'json', data: '{"id":7}' } },
      },
    });
  });

  it('keeps no cookie of the receiver', async () => {
    const result = await sendTo(answerJson(200, {}, { 'set-cookie': 'session=secret' }));
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  it.each([200, 201, 202, 204])('answered with %i is delivered', async (status) => {
    expect(await sendTo(answerBytes('', {}, status))).toHaveProperty('delivered', true);
  });

  it.each([
    [226, '226 IM Used'],
    [400, '400 Bad Request'],
    [410, '410 Gone'],
    [429, '429 Too Many Requests'],
    [503, '503 Service Unavailable'],
    [599, '599'],
  ])('answered with %i fails with "%s"', async (status, error) => {
    expect(await sendTo(answerBytes('', {}, status))).toMatchObject({
      delivered: false,
      attempt: { status, error },
    });
  });

  it('answered with a redirect fails, and the redirect is not followed', async () => {
    const target = await receiver(answerBytes('', { location: '/elsewhere' }, 302));
    expect(await send(target.url)).toMatchObject({ delivered: false, attempt: { error: '302 Found' } });
    expect(target.requests).toHaveLength(1);
  });

  it('that fails keeps the beginning of the answer for people', async () => {
    expect(await sendTo(answerJson(500, { message: 'database is away' }))).toMatchObject({
      attempt: { excerpt: '{"message":"database is away"}' },
    });
  });

  it('that fails says when the receiver wants the next try', async () => {
    const { attempt } = await sendTo(answerBytes('', { 'retry-after': '120' }, 429));
    expect(attempt).toHaveProperty('retryAfterMs', 120_000);
  });

  it('whose failing answer never ends still fails with its status', async () => {
    const url = await rawServer((socket) =>
      socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 10\r\n\r\nabc'),
    );
    expect(await send(url)).toMatchObject({ delivered: false, attempt: { error: '502 Bad Gateway' } });
  });
});

describe('a call whose answer does not come in time', () => {
  const lateAnswers: [string, Answer][] = [
    ['no headers', () => undefined],
    [
      'headers but no body',
      (_request, response) => {
        response.writeHead(200).flushHeaders();
      },
    ],
    [
      'a body that trickles',
      (_request, response) => {
        const drip = setInterval(() => response.write('x'), 100);
        response.on('close', () => {
          clearInterval(drip);
        });
      },
    ],
  ];
  it.each(lateAnswers)('fails after 5 s: %s', async (_what, answer) => {
    const result = await sendTo(answer);
    expect(result).toMatchObject({ delivered: false, attempt: { error: 'timed out after 5 s' } });
    expect(result.attempt.durationMs).toBeGreaterThanOrEqual(4_990);
  });
});

it('a call to a server that never finishes the TLS handshake fails after 5 s too', async () => {
  const silent: Server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  closing.push(async () => silent.close());
  const call = send(`https://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  // undici alone would wait for 10 s.
  const result = await Promise.race([call, delay(8_000, 'too late', { ref: false })]);
  expect(result).toMatchObject({ delivered: false, attempt: { error: 'timed out after 5 s' } });
});

describe('a call that the network fails', () => {
  it('names a refused connection', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    expect(await send(url)).toMatchObject({ attempt: { error: 'ECONNREFUSED' } });
  });

  it('names a host that does not exist', async () => {
    const dns = await DnsServer.start(() => undefined);
    const egress = testEgress({ resolve: createResolve([dns.address]) });
    const lost = createWebhookSender({ egress, userAgent: 'rule-webhooks/test' });
    closing.push(
      () => lost.close(),
      () => dns.close(),
    );
    const result = await lost.send({
      workspace: 'default',
      url: 'http://host.invalid/',
      body: '{}',
      onOversize: 'truncate',
    });
    expect(result).toMatchObject({ attempt: { error: 'ENOTFOUND' } });
  });

  it('names a reset', async () => {
    const url = await rawServer((socket) => socket.resetAndDestroy());
    expect(await send(url)).toMatchObject({ attempt: { error: 'ECONNRESET' } });
  });

  it('names an expired certificate', async () => {
    const expired = await selfSignedCertificate({ from: new Date('2020-01-01'), to: new Date('2020-02-01') });
    const target = await receiver(answerJson(200, {}), expired);
    expect(await send(target.url)).toMatchObject({ attempt: { error: 'certificate has expired' } });
  });

  it('names a certificate that nobody vouches for', async () => {
    const certificate = await selfSignedCertificate({
      from: new Date('2020-01-01'),
      to: new Date('2120-01-01'),
    });
    const target = await receiver(answerJson(200, {}), certificate);
    expect(await send(target.url)).toMatchObject({ attempt: { error: 'self-signed certificate' } });
  });

  it('names TLS spoken to a server without it', async () => {
    const target = await receiver(answerJson(200, {}));
    const { attempt } = await send(target.url.replace('http:', 'https:'));
    expect((attempt as { error: string }).error).toMatch(/^TLS: /);
  });

  it.each([
    ['an answer that is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'the response is not valid HTTP'],
    [
      'a body shorter than announced',
      'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc',
      'the connection was closed before the response was complete',
    ],
    [
      'headers without end',
      `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`,
      'the response headers are too large',
    ],
  ])('names %s', async (_what, answer, error) => {
    const url = await rawServer((socket) => socket.end(answer));
    expect(await send(url)).toMatchObject({ delivered: false, attempt: { error } });
  });
});

describe('a large answer', () => {
  const big = Buffer.alloc(MAX_RESPONSE_BYTES + 1, 'x');

  it('of exactly the limit is kept whole', async () => {
    const result = await sendTo(answerBytes(big.subarray(1)));
    expect(result).toMatchObject({ attempt: { response: { body: { bytes: MAX_RESPONSE_BYTES } } } });
    expect(result).not.toHaveProperty('attempt.response.body.truncated');
  });

  it('of a byte more is a success that is kept in part', async () => {
    expect(await sendTo(answerBytes(big))).toMatchObject({
      delivered: true,
      attempt: { response: { body: { bytes: MAX_RESPONSE_BYTES, truncated: true } } },
    });
  });

  it('is a failure for a step that must have it whole', async () => {
    const target = await receiver(answerBytes(big));
    expect(await send(target.url, 'fail')).toMatchObject({
      delivered: false,
      attempt: { error: 'the response is larger than 100 KB', status: 200 },
    });
  });

  it('without end is cut, and its connection closed', async () => {
    const ended = new Promise<void>((resolve) => {
      void sendTo((_request, response) => {
        const more = () => {
          while (response.write(big));
        };
        response.on('drain', more).on('close', resolve);
        more();
      });
    });
    await expect(ended).resolves.toBeUndefined();
  });
});

describe('a compressed answer', () => {
  const text = JSON.stringify({ text: 'hello '.repeat(1_000) });
  it.each([
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
  ])('in %s is read', async (encoding, bytes) => {
    expect(await sendTo(answerBytes(bytes, { 'content-encoding': encoding }))).toMatchObject({
      attempt: { response: { body: { kind: 'json', data: text } } },
    });
  });

  it('in zstd is read', async () => {
    expect(await sendTo(answerBytes(zstdSample('short'), { 'content-encoding': 'zstd' }))).toMatchObject({
      attempt: { response: { body: { data: zstdSamples['short']?.toString() } } },
    });
  });

  it('that inflates to 1 GB is cut at the limit, in flat memory', async () => {
    const before = process.memoryUsage().rss;
    const result = await sendTo(answerGigabyteOfGzip);
    expect(result).toMatchObject({
      delivered: true,
      attempt: { response: { body: { bytes: MAX_RESPONSE_BYTES, truncated: true } } },
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1_048_576);
  });

  it('that is broken fails with the reason', async () => {
    expect(await sendTo(answerBytes('not gzip', { 'content-encoding': 'gzip' }))).toMatchObject({
      delivered: false,
      attempt: { error: 'the response could not be decompressed' },
    });
  });

  it('without a body is an empty one', async () => {
    expect(await sendTo(answerBytes('', { 'content-encoding': 'gzip' }, 204))).toMatchObject({
      delivered: true,
      attempt: { response: { body: { bytes: 0 } } },
    });
  });

  it('in an encoding that was not offered is kept as it came', async () => {
    const bytes = Buffer.from([0x1f, 0x9d]);
    expect(await sendTo(answerBytes(bytes, { 'content-encoding': 'compress' }))).toMatchObject({
      attempt: { response: { body: { kind: 'binary', data: 'H50=' } } },
    });
  });
});

describe('a call to an address that is not public', () => {
  let strict: WebhookSender;
  beforeAll(() => {
    strict = createWebhookSender({
      egress: testEgress({ allowedNetworks: [] }),
      userAgent: 'rule-webhooks/test',
    });
  });
  afterAll(() => strict.close());

  it('is refused and never connects', async () => {
    const target = await receiver(answerJson(200, {}));
    const { attempt } = await strict.send({
      workspace: 'default',
      url: target.url,
      body: '{}',
      onOversize: 'truncate',
    });
    expect(attempt).toHaveProperty('error', 'calls to 127.0.0.1 (loopback) are not allowed');
    expect(target.requests).toHaveLength(0);
  });
});
