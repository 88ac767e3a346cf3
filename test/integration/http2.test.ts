import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, type Settings } from 'node:http2';
import { setImmediate as turn } from 'node:timers/promises';
import { brotliCompressSync } from 'node:zlib';
import { isHttp2Sound } from '../../src/delivery/http2-soundness';
import {
  createWebhookSender,
  type CallResult,
  type WebhookCall,
  type WebhookSender,
} from '../../src/delivery/send';
import { IDLE_HTTP2_CONNECTION_MS, MAX_HTTP2_STREAMS, MAX_RESPONSE_BYTES } from '../../src/shared/limits';
import { selfSignedCertificate } from '../support/certificate';
import { trusting } from '../support/destination-call';
import { useFakeTimeouts } from '../support/fake-timeouts';
import { testEgress } from '../support/egress';
import { answerJson, Http2Receiver, type Http2Request } from '../support/http2-receiver';
import {
  answerRaw,
  END_HEADERS,
  frame,
  frameTypes,
  literalHeader,
  numbers,
  RawHttp2Receiver,
  STATUS_200,
  type RawHttp2Options,
  type RawStream,
} from '../support/raw-http2-receiver';

const {
  NGHTTP2_CANCEL,
  NGHTTP2_ENHANCE_YOUR_CALM,
  NGHTTP2_INTERNAL_ERROR,
  NGHTTP2_NO_ERROR,
  NGHTTP2_REFUSED_STREAM,
} = constants;

/** The type of a frame by which a server names another one for the same (RFC 7838, 4). */
const ALTSVC = 10;

let sender: WebhookSender;
let certificate: { key: string; cert: string };
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  certificate = await selfSignedCertificate({ from: new Date('2020-01-01'), to: new Date('2120-01-01') });
});
beforeEach(() => {
  sender = createWebhookSender({ egress: testEgress(), userAgent: 'rule-webhooks/test' });
});
afterEach(async () => {
  jest.useRealTimers();
  await Promise.all(closing.splice(0).map((close) => close()));
  await sender.close();
});

async function receiver(
  answer: (request: Http2Request) => void,
  settings?: Settings,
): Promise<Http2Receiver> {
  const started = await Http2Receiver.start(answer, certificate, settings);
  closing.push(() => started.close());
  return started;
}

async function rawReceiver(
  answer: (stream: RawStream) => void,
  options?: RawHttp2Options,
): Promise<RawHttp2Receiver> {
  const started = await RawHttp2Receiver.start(answer, certificate, options);
  closing.push(() => started.close());
  return started;
}

async function send({ url }: { url: string }, more: Partial<WebhookCall> = {}): Promise<CallResult> {
  const tls = trusting(certificate.cert);
  return sender.send({
    workspace: 'default',
    url: `${url}/hook?x=1`,
    body: '{"n":1}',
    onOversize: 'truncate',
    tls,
    ...more,
  });
}

const CLOSED = 'the connection was closed before the response was complete';
const delivered = { delivered: true, attempt: { response: { status: 200, body: { data: '{"ok":true}' } } } };

/** Answers the first request of each connection, and does the given to the second. */
function onSecond(act: (request: Http2Request) => void): (request: Http2Request) => void {
  return (request) => {
    if (request.ofConnection === 2) act(request);
    else answerJson(request);
  };
}

describe('a call to a receiver with HTTP/2', () => {
  it('is the same request, with a length', async () => {
    const target = await receiver(answerJson);
    expect(await send(target, { method: 'PUT', headers: { 'X-Own': 'y' } })).toMatchObject(delivered);
    const [request] = target.requests;
    expect(request?.text).toBe('{"n":1}');
    expect(Object.fromEntries(Object.entries(request?.headers ?? {}))).toEqual({
      ':method': 'PUT',
      ':scheme': 'https',
      ':authority': target.url.slice('https://'.length),
      ':path': '/hook?x=1',
      'user-agent': 'rule-webhooks/test',
      'accept-encoding': 'gzip, deflate, br, zstd',
      'content-type': 'application/json',
      'content-length': '7',
      'x-own': 'y',
    });
  });

  it('may have no body', async () => {
    const target = await receiver(answerJson);
    await send(target, { method: 'GET', body: undefined });
    expect(target.requests[0]?.headers).not.toHaveProperty('content-length');
  });

  it('keeps the answer, decompressed and without its cookies', async () => {
    const target = await receiver(({ stream }) => {
      stream.respond({
        ':status': 201,
        'content-encoding': 'br',
        'x-trace': 'a',
        'set-cookie': ['s=secret'],
      });
      stream.end(brotliCompressSync('{"id":7}'));
    });
    const { attempt } = await send(target);
    expect(attempt).toMatchObject({
      response: {
        status: 201,
        headers: { 'content-encoding': 'br', 'x-trace': 'a' },
        body: { data: '{"id":7}' },
      },
    });
    expect(JSON.stringify(attempt)).not.toContain('secret');
  });

  it('that fails keeps its status and when to try again', async () => {
    const target = await receiver(({ stream }) => {
      stream.respond({ ':status': 503, 'retry-after': '60' });
      stream.end('later');
    });
    expect(await send(target)).toMatchObject({
      attempt: { error: '503 Service Unavailable', excerpt: 'later', retryAfterMs: 60_000 },
    });
  });

  it('of 1 MB that is only read slowly arrives whole', async () => {
    const body = JSON.stringify('x'.repeat(1_000_000));
    const target = await receiver(answerJson, { initialWindowSize: 16_384 });
    await send(target, { body });
    expect(target.requests[0]?.text).toBe(body);
  });

  it('that is answered before its body has been read is delivered, and its stream ended', async () => {
    const target = await rawReceiver(answerRaw, { answersEarly: true });
    // More than the receiver lets come without saying so.
    expect(await send(target, { body: 'x'.repeat(200_000) })).toMatchObject(delivered);
    expect(await send(target)).toMatchObject(delivered);
    expect(target.connections).toBe(1);
  });
});

describe('a connection with HTTP/2', () => {
  it('carries many calls at once', async () => {
    const held: Http2Request[] = [];
    const target = await receiver((request) => {
      if (request.ofConnection === 1) answerJson(request);
      else held.push(request);
    });
    await send(target);
    const calls = Array.from({ length: 50 }, () => send(target));
    await target.until(() => held.length === 50);
    // In another order than they came.
    held.reverse().forEach(answerJson);
    expect((await Promise.all(calls)).filter((result) => result.delivered)).toHaveLength(50);
    expect(target.sessions).toHaveLength(1);
  });

  it('is one for a burst of calls to a receiver that nobody knows yet', async () => {
    const target = await receiver(answerJson);
    const results = await Promise.all(Array.from({ length: 60 }, () => send(target)));
    expect(results.filter((result) => result.delivered)).toHaveLength(60);
    expect(target.sessions).toHaveLength(1);
  });

  it('gives each call its own answer', async () => {
    const target = await receiver(({ stream, text }) => {
      setImmediate(() => {
        stream.respond({ ':status': 200 });
        stream.end(text);
      });
    });
    const bodies = Array.from({ length: 200 }, (_, i) => `{"n":${i}}`);
    const results = await Promise.all(bodies.map((body) => send(target, { body })));
    expect(
      results.map(({ attempt }) => ('response' in attempt ? attempt.response.body.data : attempt.error)),
    ).toEqual(bodies);
  });

  it('carries no more calls at once than the receiver takes', async () => {
    const open = new Map<number, number>();
    let most = 0;
    const target = await receiver(
      (request) => {
        const now = (open.get(request.connection) ?? 0) + 1;
        most = Math.max(most, now);
        open.set(request.connection, now);
        setImmediate(() => {
          open.set(request.connection, (open.get(request.connection) ?? 0) - 1);
          answerJson(request);
        });
      },
      { maxConcurrentStreams: 3 },
    );
    const results = await Promise.all(Array.from({ length: 30 }, () => send(target)));
    expect(results.filter((result) => result.delivered)).toHaveLength(30);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('beyond what one takes is another one', async () => {
    const held: Http2Request[] = [];
    const target = await receiver((request) => {
      if (request.connection === 1 && request.ofConnection === 1) answerJson(request);
      else held.push(request);
    });
    await send(target);
    const calls = Array.from({ length: MAX_HTTP2_STREAMS + 5 }, () => send(target));
    await target.until(() => held.length === calls.length);
    held.forEach(answerJson);
    await Promise.all(calls);
    expect(target.sessions).toHaveLength(2);
  });

  it('survives calls that are cut: a large answer ends its stream alone', async () => {
    const target = await receiver((request) => {
      if (request.text.includes('big')) {
        request.stream.respond({ ':status': 200 });
        request.stream.end(Buffer.alloc(MAX_RESPONSE_BYTES * 5, 'x'));
      } else answerJson(request);
    });
    for (let i = 0; i < 100; i += 1) {
      expect(await send(target, { body: '"big"' })).toMatchObject({
        attempt: { response: { body: { bytes: MAX_RESPONSE_BYTES, truncated: true } } },
      });
    }
    expect(await send(target)).toMatchObject(delivered);
    expect(target.sessions).toHaveLength(1);
    const [first] = target.requests;
    await target.until(() => first?.stream.closed === true);
    expect(first?.stream.rstCode).toBe(NGHTTP2_CANCEL);
  });

  it('on which a call was not answered in time is not used again', async () => {
    const target = await receiver(onSecond(() => undefined));
    await send(target);
    expect(await send(target, { timeoutMs: 300 })).toMatchObject({
      attempt: { error: 'timed out after 0.3 s' },
    });
    expect(await send(target)).toMatchObject(delivered);
    expect(target.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
    await target.until(() => target.open.length === 1);
    expect(target.open).toHaveLength(1);
  });

  it('whose answer stops in the midst fails when time is up', async () => {
    const target = await receiver(({ stream }) => {
      stream.respond({ ':status': 200 });
      stream.write('{"ok":');
    });
    expect(await send(target, { timeoutMs: 300 })).toMatchObject({
      attempt: { error: 'timed out after 0.3 s' },
    });
  });
});

describe('a receiver that says goodbye', () => {
  it('in good order has its calls finished, and others go to a new connection', async () => {
    const held: RawStream[] = [];
    // Not Node's own server: that of 20.3 drops an answer which it sends after its goodbye.
    const target = await rawReceiver((stream) => {
      if (stream.connection === 2 || stream.ofConnection === 1) answerRaw(stream);
      if (stream.connection === 1 && stream.ofConnection === 2) {
        stream.socket.write(frame(frameTypes.goAway, 0, 0, numbers(stream.id, NGHTTP2_NO_ERROR)));
        held.push(stream);
      }
    });
    await send(target);
    const [under, other] = [send(target), send(target)];
    expect(await other).toMatchObject(delivered);
    held.forEach(answerRaw);
    expect(await under).toMatchObject(delivered);
    expect(target.connections).toBe(2);
  });

  it('without having looked at a call has it sent again at once', async () => {
    const target = await receiver(
      onSecond(({ stream }) => {
        stream.session?.goaway(NGHTTP2_NO_ERROR, 1);
      }),
    );
    await send(target);
    expect(await send(target)).toMatchObject(delivered);
    expect(target.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });

  it('for a fault has the call fail with it, when it may have been looked at', async () => {
    const target = await receiver(
      onSecond(({ stream }) => {
        stream.session?.goaway(NGHTTP2_ENHANCE_YOUR_CALM, stream.id);
      }),
    );
    await send(target);
    expect(await send(target)).toMatchObject({
      attempt: { error: 'the receiver ended the HTTP/2 connection: ENHANCE_YOUR_CALM' },
    });
    expect(target.requests).toHaveLength(2);
  });
});

describe('a stream that is refused', () => {
  it('is sent again at once, on another connection', async () => {
    const target = await receiver((request) => {
      if (request.connection === 1) request.stream.close(NGHTTP2_REFUSED_STREAM);
      else answerJson(request);
    });
    expect(await send(target)).toMatchObject(delivered);
    expect(target.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  it('twice fails', async () => {
    const target = await receiver(({ stream }) => {
      stream.close(NGHTTP2_REFUSED_STREAM);
    });
    expect(await send(target)).toMatchObject({
      attempt: { error: 'the receiver ended the HTTP/2 stream: REFUSED_STREAM' },
    });
    expect(target.requests).toHaveLength(2);
  });
});

describe('a stream that the receiver ends', () => {
  it.each([
    ['before its answer, by an error', NGHTTP2_INTERNAL_ERROR, 'INTERNAL_ERROR'],
    ['before its answer, by a cancel', NGHTTP2_CANCEL, 'CANCEL'],
    ['before its answer, for no reason', NGHTTP2_NO_ERROR, 'NO_ERROR'],
  ])('%s fails at once, and is not sent again', async (_when, code, name) => {
    const target = await receiver(
      onSecond(({ stream }) => {
        stream.close(code);
      }),
    );
    await send(target);
    expect(await send(target)).toMatchObject({
      attempt: { error: `the receiver ended the HTTP/2 stream: ${name}` },
    });
    expect(target.requests).toHaveLength(2);
  });

  it.each([
    ['by an error', NGHTTP2_INTERNAL_ERROR, 'INTERNAL_ERROR'],
    ['by a cancel', NGHTTP2_CANCEL, 'CANCEL'],
  ])('in the midst of its answer, %s, fails and is no success that is cut', async (_how, code, name) => {
    const target = await rawReceiver((stream) => {
      stream.send(frameTypes.headers, END_HEADERS, STATUS_200);
      stream.send(frameTypes.data, 0, Buffer.from('{"ok":true}'));
      stream.send(frameTypes.reset, 0, numbers(code));
    });
    expect(await send(target)).toMatchObject({
      delivered: false,
      attempt: { error: `the receiver ended the HTTP/2 stream: ${name}` },
    });
  });
});

describe('a connection with HTTP/2 that is lost', () => {
  it('before a byte of the answer, after it was used, is replaced at once for every call on it', async () => {
    const held: RawStream[] = [];
    const target = await rawReceiver((stream) => {
      if (stream.connection === 2 || stream.ofConnection === 1) answerRaw(stream);
      else if (held.push(stream) === 20) stream.socket.destroy();
    });
    await send(target);
    const results = await Promise.all(Array.from({ length: 20 }, () => send(target)));
    expect(results.filter((result) => result.delivered)).toHaveLength(20);
    expect(target.connections).toBe(2);
  });

  it('before a byte of the answer, on its first call, is not replaced: the receiver may have begun', async () => {
    const target = await rawReceiver(({ socket }) => socket.destroy());
    expect(await send(target)).toMatchObject({ attempt: { error: CLOSED } });
    expect(target.requests).toHaveLength(1);
  });

  it('after an interim answer is not replaced', async () => {
    const target = await rawReceiver((stream) => {
      if (stream.ofConnection === 1) answerRaw(stream);
      else {
        stream.send(frameTypes.headers, END_HEADERS, literalHeader(':status', '103'));
        stream.socket.end();
      }
    });
    await send(target);
    expect(await send(target)).toMatchObject({ attempt: { error: CLOSED } });
    expect(target.requests).toHaveLength(2);
  });

  it('in the midst of an answer fails the call', async () => {
    const target = await rawReceiver((stream) => {
      if (stream.ofConnection === 1) answerRaw(stream);
      else {
        stream.send(frameTypes.headers, END_HEADERS, STATUS_200);
        stream.send(frameTypes.data, 0, Buffer.from('{"ok":true}'));
        stream.socket.end();
      }
    });
    await send(target);
    expect(await send(target)).toMatchObject({ delivered: false, attempt: { error: CLOSED } });
    expect(target.requests).toHaveLength(2);
  });

  it('for a fault, with word that the call was not looked at, is replaced at once', async () => {
    const target = await rawReceiver((stream) => {
      if (stream.connection === 2) answerRaw(stream);
      else stream.socket.write(frame(frameTypes.goAway, 0, 0, numbers(0, NGHTTP2_ENHANCE_YOUR_CALM)));
    });
    expect(await send(target)).toMatchObject(delivered);
    expect(target.connections).toBe(2);
  });
});

describe('a hostile receiver with HTTP/2', () => {
  it('that sends large headers fails the call', async () => {
    const target = await receiver(({ stream }) => {
      stream.respond({ ':status': 200, 'x-bomb': 'x'.repeat(40_000) });
      stream.end();
    });
    const { attempt } = await send(target);
    expect(attempt).toHaveProperty('error', expect.stringContaining('the response headers are too large'));
  });

  it('that sends large headers in many frames fails the call', async () => {
    const header = literalHeader('x-bomb', 'x'.repeat(100));
    const block = Buffer.concat(Array.from({ length: 100 }, () => header));
    const target = await rawReceiver((stream) => {
      stream.send(frameTypes.headers, 0, STATUS_200);
      for (let i = 0; i < 100; i += 1) stream.send(frameTypes.continuation, 0, block);
    });
    expect(await send(target)).toHaveProperty('delivered', false);
  });

  it('that says nothing at all fails the call when time is up', async () => {
    const target = await rawReceiver(() => undefined, { isSilent: true });
    const calls = await Promise.all([1, 2, 3].map(() => send(target, { timeoutMs: 300 })));
    expect(calls.map(({ attempt }) => 'error' in attempt && attempt.error)).toEqual(
      calls.map(() => 'timed out after 0.3 s'),
    );
  });

  it('that sends interim answers without end fails the call', async () => {
    const target = await receiver(({ stream }) => {
      const flood = () => {
        for (let i = 0; i < 10 && !stream.destroyed; i += 1) stream.additionalHeaders({ ':status': 103 });
        if (!stream.destroyed) setImmediate(flood);
      };
      flood();
    });
    expect(await send(target)).toMatchObject({ attempt: { error: 'too many interim answers (1xx)' } });
  });

  it('that sends a few interim answers is understood', async () => {
    const target = await receiver((request) => {
      request.stream.additionalHeaders({ ':status': 103 });
      request.stream.additionalHeaders({ ':status': 102 });
      answerJson(request);
    });
    expect(await send(target)).toMatchObject(delivered);
  });

  it('that lies about the length of its answer fails the call', async () => {
    const target = await receiver(({ stream }) => {
      stream.respond({ ':status': 200, 'content-length': 1_000 });
      stream.end('short');
    });
    expect(await send(target)).toMatchObject({
      delivered: false,
      attempt: { error: 'the response is not valid HTTP/2' },
    });
  });
});

/** A client of Node's own, which ends in peace whatever comes of its request. */
const CLIENT = `
const session = require('node:http2').connect(process.argv[1], { rejectUnauthorized: false });
session.on('error', () => undefined).on('close', () => process.exit(0));
session.request({ ':method': 'POST' }).on('error', () => undefined).end('{}');
`;

it('two frames end a process exactly where HTTP/2 is not taken for sound', async () => {
  const target = await rawReceiver(({ id, socket }) => {
    const originOfLength1 = Buffer.from([0, 1, 0xff]);
    const alternative = frame(ALTSVC, 0, id, originOfLength1);
    const pingOfWrongLength = frame(frameTypes.ping, 0, 0, Buffer.from('ping'));
    socket.end(Buffer.concat([alternative, pingOfWrongLength]));
  });
  const client = spawn(process.execPath, ['-e', CLIENT, target.url], { stdio: 'ignore' });
  const [exitCode, signal] = (await once(client, 'exit')) as [number | null, string | null];
  expect({ exitCode, signal }).toEqual(
    isHttp2Sound() ? { exitCode: 0, signal: null } : { exitCode: null, signal: 'SIGABRT' },
  );
});

it('a connection that nobody uses is closed', async () => {
  const target = await receiver(answerJson);
  useFakeTimeouts();
  await send(target);
  while (target.open.length > 0) {
    jest.advanceTimersByTime(IDLE_HTTP2_CONNECTION_MS);
    await turn();
  }
  expect(target.open).toHaveLength(0);
});

it('closing leaves no connection', async () => {
  const target = await receiver(answerJson);
  await send(target);
  await sender.close();
  await target.until(() => target.open.length === 0);
  expect(target.open).toHaveLength(0);
});
