import { setImmediate as turn } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { parseNetworks } from '../../src/delivery/address-guard';
import {
  createWebhookSender,
  type CallResult,
  type WebhookCall,
  type WebhookSender,
} from '../../src/delivery/send';
import {
  IDLE_CONNECTION_MS,
  MAX_CONNECTIONS_PER_ORIGIN,
  MAX_IDLE_CONNECTION_MS,
  MAX_IDLE_CONNECTIONS,
} from '../../src/shared/limits';
import { selfSignedCertificate } from '../support/certificate';
import { trusting } from '../support/destination-call';
import { useFakeTimeouts } from '../support/fake-timeouts';
import { testEgress } from '../support/egress';
import { keepAliveAnswer, RawReceiver, type RawRequest } from '../support/raw-receiver';

let sender: WebhookSender;
let certificate: { key: string; cert: string };
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  certificate = await selfSignedCertificate({ from: new Date('2020-01-01'), to: new Date('2120-01-01') });
});
beforeEach(() => {
  const allowedNetworks = parseNetworks('127.0.0.0/8,::1/128');
  const resolve = () => Promise.resolve(['127.0.0.1']);
  sender = createWebhookSender({
    egress: testEgress({ allowedNetworks, resolve }),
    userAgent: 'rule-webhooks/test',
  });
});
afterEach(async () => {
  jest.useRealTimers();
  await Promise.all(closing.splice(0).map((close) => close()));
  await sender.close();
});

async function receiver(
  answer: (request: RawRequest) => void,
  options: Parameters<typeof RawReceiver.start>[1] = {},
): Promise<RawReceiver> {
  const started = await RawReceiver.start(answer, options);
  closing.push(() => started.close());
  return started;
}

async function send(url: string, more: Partial<WebhookCall> = {}): Promise<CallResult> {
  return sender.send({ workspace: 'default', url, body: '{"n":1}', onOversize: 'truncate', ...more });
}

const answerAll = ({ socket }: RawRequest) => socket.write(keepAliveAnswer());

/** Answers the first request of each connection, and does the given to the second. */
function onSecond(act: (request: RawRequest) => void): (request: RawRequest) => void {
  return (request) => {
    if (request.ofConnection === 2) act(request);
    else answerAll(request);
  };
}

describe('a connection', () => {
  it('is used again by the next call', async () => {
    const target = await receiver(answerAll);
    await send(target.url);
    await send(target.url);
    expect(target.requests).toHaveLength(2);
    expect(target.connections).toBe(1);
  });

  it('is shared by the workspaces when none has a certificate or proxy of its own', async () => {
    const target = await receiver(answerAll);
    await send(target.url, { workspace: 'a' });
    await send(target.url, { workspace: 'b' });
    expect(target.connections).toBe(1);
  });

  it.each([
    ['another workspace', { workspace: 'b' }, 1],
    ['an edited credential', { workspace: 'a' }, 2],
  ])('made with a credential is not used for %s', async (_whose, { workspace }, version) => {
    const target = await receiver(answerAll, { tls: certificate });
    await send(target.url, { workspace: 'a', tls: trusting(certificate.cert) });
    await send(target.url, { workspace, tls: trusting(certificate.cert, version) });
    expect(target.requests).toHaveLength(2);
    expect(target.connections).toBe(2);
  });

  it('made with a credential is used again with the same', async () => {
    const target = await receiver(answerAll, { tls: certificate });
    await send(target.url, { tls: trusting(certificate.cert) });
    await send(target.url, { tls: trusting(certificate.cert) });
    expect(target.connections).toBe(1);
  });

  it('is not used again when the receiver says close', async () => {
    const target = await receiver(({ socket }) =>
      socket.write(keepAliveAnswer('{}', 'connection: close\r\n')),
    );
    await send(target.url);
    await send(target.url);
    expect(target.connections).toBe(2);
  });

  it('on which an answer was cut is closed', async () => {
    const target = await receiver(({ socket }) => socket.write(keepAliveAnswer('x'.repeat(1_000_000))));
    await send(target.url);
    await target.until(() => target.open.size === 0);
    expect(target.open.size).toBe(0);
  });
});

describe('a connection that nobody uses is closed', () => {
  it.each([
    ['before a server of Node would close it', '', IDLE_CONNECTION_MS],
    ['sooner when the receiver says so', 'keep-alive: timeout=3\r\n', 1_000],
    [
      'later when the receiver says so, but not for ever',
      'keep-alive: timeout=9999\r\n',
      MAX_IDLE_CONNECTION_MS,
    ],
  ])('%s', async (_when, header, ms) => {
    const target = await receiver(({ socket }) => socket.write(keepAliveAnswer('{}', header)));
    useFakeTimeouts();
    await send(target.url);
    // undici begins to count in the turn after.
    await turn();
    await turn();
    jest.advanceTimersByTime(ms - 1);
    await turn();
    expect(target.open.size).toBe(1);
    while (target.open.size > 0) {
      jest.advanceTimersByTime(1);
      await turn();
    }
    expect(target.open.size).toBe(0);
  });
});

describe.each([
  ['plain', false],
  ['through TLS', true],
])('a reused connection, %s,', (_how, isTls) => {
  const call = () => (isTls ? { tls: trusting(certificate.cert) } : {});
  const options = () => (isTls ? { tls: certificate } : {});

  const losses: [string, (request: RawRequest) => void][] = [
    ['reset', ({ socket }) => (socket instanceof TLSSocket ? socket.destroy() : socket.resetAndDestroy())],
    ['closed', ({ socket }) => socket.end()],
  ];
  it.each(losses)(
    'that is %s before the first byte of an answer is replaced at once',
    async (_what, lose) => {
      const target = await receiver(onSecond(lose), options());
      await send(target.url, call());
      expect(await send(target.url, call())).toMatchObject({ delivered: true });
      const [, lost, again] = target.requests;
      expect(again).toMatchObject({ connection: 2, text: lost?.text });
      expect(target.requests).toHaveLength(3);
    },
  );

  it('that is lost after the first byte of an answer is not', async () => {
    const target = await receiver(
      onSecond(({ socket }) => socket.end('H')),
      options(),
    );
    await send(target.url, call());
    expect(await send(target.url, call())).toMatchObject({
      delivered: false,
      attempt: { error: 'the connection was closed before the response was complete' },
    });
    expect(target.requests).toHaveLength(2);
  });

  it('that is replaced by one that is lost as well fails, and is not replaced again', async () => {
    const target = await receiver((request) => {
      if (request.connection === 1 && request.ofConnection === 1) answerAll(request);
      else request.socket.destroy();
    }, options());
    await send(target.url, call());
    expect(await send(target.url, call())).toHaveProperty('delivered', false);
    expect(target.requests).toHaveLength(3);
  });

  it('that does not answer in time is not replaced', async () => {
    const target = await receiver(
      onSecond(() => undefined),
      options(),
    );
    await send(target.url, call());
    expect(await send(target.url, { ...call(), timeoutMs: 300 })).toMatchObject({
      attempt: { error: 'timed out after 0.3 s' },
    });
    expect(target.requests).toHaveLength(2);
  });

  it('is replaced within the same time', async () => {
    const target = await receiver((request) => {
      if (request.ofConnection === 2) request.socket.destroy();
      else if (request.connection === 1) answerAll(request);
    }, options());
    await send(target.url, call());
    const { attempt } = await send(target.url, { ...call(), timeoutMs: 300 });
    expect(attempt).toHaveProperty('error', 'timed out after 0.3 s');
  });

  it('of several that the receiver closed together is replaced by a fresh one', async () => {
    const held: RawRequest[] = [];
    const target = await receiver((request) => {
      if (request.ofConnection > 1) for (const { socket } of held) socket.destroy();
      else if (request.connection > 3) answerAll(request);
      else held.push(request);
      if (held.length === 3 && request.ofConnection === 1) held.forEach(answerAll);
    }, options());
    await Promise.all([1, 2, 3].map(() => send(target.url, call())));
    expect(await send(target.url, call())).toHaveProperty('delivered', true);
    expect(target.connections).toBe(4);
  });
});

it('a burst of calls to a receiver that turns out to speak HTTP/1.1 has a connection for each', async () => {
  const held: RawRequest[] = [];
  const target = await receiver((request) => held.push(request), { tls: certificate });
  const calls = Array.from({ length: 20 }, () => send(target.url, { tls: trusting(certificate.cert) }));
  await target.until(() => held.length === 20);
  held.forEach(answerAll);
  expect((await Promise.all(calls)).filter(({ delivered }) => delivered)).toHaveLength(20);
});

it('a burst of calls that cannot connect fails with the reason each', async () => {
  const target = await receiver(answerAll, { tls: certificate });
  const results = await Promise.all(Array.from({ length: 20 }, () => send(target.url)));
  expect(results.map(({ attempt }) => 'error' in attempt && attempt.error)).toEqual(
    results.map(() => 'self-signed certificate'),
  );
});

it('a fresh connection that is reset is not replaced: the receiver may have begun', async () => {
  const target = await receiver(({ socket }) => socket.resetAndDestroy());
  expect(await send(target.url)).toMatchObject({ attempt: { error: 'ECONNRESET' } });
  expect(target.requests).toHaveLength(1);
});

it('calls to a receiver that closes each connection at some moment after its answer all succeed', async () => {
  let left = 0;
  const target = await receiver(({ socket }) => {
    socket.write(keepAliveAnswer());
    left = (left + 1) % 6;
    const closeIn = async (turns: number) => {
      for (let i = 0; i < turns; i += 1) await turn();
      socket.destroy();
    };
    void closeIn(left);
  });
  const results: CallResult[] = [];
  for (let i = 0; i < 300; i += 1) results.push(await send(target.url));
  expect(results.filter(({ delivered }) => !delivered)).toEqual([]);
});

describe('connections are bounded:', () => {
  it('to one receiver, so that a call beyond waits for one that is free', async () => {
    const held: RawRequest[] = [];
    let isReleased = false;
    const target = await receiver((request) => {
      if (isReleased) answerAll(request);
      else held.push(request);
    });
    const calls = Array.from({ length: MAX_CONNECTIONS_PER_ORIGIN + 40 }, () => send(target.url));
    await target.until(() => held.length === MAX_CONNECTIONS_PER_ORIGIN);
    isReleased = true;
    held.forEach(answerAll);
    const results = await Promise.all(calls);
    expect(results.every(({ delivered }) => delivered)).toBe(true);
    expect(target.connections).toBe(MAX_CONNECTIONS_PER_ORIGIN);
  });

  it('over all receivers, as to those that do nothing', async () => {
    const target = await receiver(answerAll, { host: '0.0.0.0' });
    const origins = Array.from(
      { length: MAX_IDLE_CONNECTIONS * 3 },
      (_, i) => `http://127.1.${i >> 8}.${i & 255}:${target.port}`,
    );
    for (const origin of origins) await send(origin);
    await target.until(() => target.open.size <= MAX_IDLE_CONNECTIONS);
    expect(target.connections).toBe(origins.length);
    expect(target.open.size).toBe(MAX_IDLE_CONNECTIONS);
  });
});

it('closing waits for a call that is under way, and leaves no connection', async () => {
  let held: RawRequest | undefined;
  const target = await receiver((request) => {
    if (request.text.startsWith('POST /held')) held = request;
    else answerAll(request);
  });
  await send(`${target.url}/idle`);
  const call = send(`${target.url}/held`);
  await target.until(() => held !== undefined);
  const closed = sender.close();
  if (held) answerAll(held);
  expect(await call).toHaveProperty('delivered', true);
  await closed;
  await target.until(() => target.open.size === 0);
  expect(target.open.size).toBe(0);
});

describe('a call reaches', () => {
  it('an IPv6 address', async () => {
    const target = await receiver(answerAll, { host: '::1' });
    expect(await send(target.url)).toHaveProperty('delivered', true);
    expect(target.requests[0]?.text).toContain(`host: [::1]:${target.port}\r\n`);
  });

  it('a name that is not ASCII, in the form that DNS and HTTP have for it', async () => {
    const target = await receiver(answerAll);
    expect(await send(`http://bücher.example:${target.port}`)).toHaveProperty('delivered', true);
    expect(target.requests[0]?.text).toContain(`host: xn--bcher-kva.example:${target.port}\r\n`);
  });
});

it('a request says who calls, what it takes, and how long it is', async () => {
  const target = await receiver(answerAll);
  await send(target.url, { body: '{"name":"Zoë"}' });
  expect(target.requests[0]?.text.split('\r\n\r\n')[0]?.split('\r\n').sort()).toEqual([
    'POST / HTTP/1.1',
    'accept-encoding: gzip, deflate, br, zstd',
    'connection: keep-alive',
    'content-length: 15',
    'content-type: application/json',
    `host: 127.0.0.1:${target.port}`,
    'user-agent: rule-webhooks/test',
  ]);
});
