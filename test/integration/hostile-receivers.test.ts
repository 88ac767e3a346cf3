import { constants, deflateRawSync, deflateSync, gzipSync, brotliCompressSync } from 'node:zlib';
import type { Socket } from 'node:net';
import {
  createWebhookSender,
  type CallResult,
  type WebhookCall,
  type WebhookSender,
} from '../../src/delivery/send';
import { MAX_RESPONSE_BYTES } from '../../src/shared/limits';
import { testEgress } from '../support/egress';
import { keepAliveAnswer, RawReceiver, type RawRequest } from '../support/raw-receiver';
import { repeatedByteZstd, skippableZstd } from '../support/zstd-samples';

let sender: WebhookSender;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(() => {
  sender = createWebhookSender({ egress: testEgress(), userAgent: 'rule-webhooks/test' });
});
afterAll(() => sender.close());
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

async function receiver(answer: (request: RawRequest) => void): Promise<RawReceiver> {
  const started = await RawReceiver.start(answer);
  closing.push(() => started.close());
  return started;
}

async function send({ url }: { url: string }, more: Partial<WebhookCall> = {}): Promise<CallResult> {
  return sender.send({ workspace: 'default', url, body: '{"n":1}', onOversize: 'truncate', ...more });
}

async function sendTo(
  answer: (socket: Socket) => void,
  more: Partial<WebhookCall> = {},
): Promise<CallResult> {
  const target = await receiver(({ socket }) => {
    answer(socket);
  });
  return send(target, more);
}

/** Writes the same again and again, as fast as the other side takes it. */
function flood(socket: Socket, piece: string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}

describe('a receiver that never comes to an end is left when time is up', () => {
  it.each<[string, (socket: Socket) => void]>([
    [
      'with empty lines before its answer',
      (socket) => {
        flood(socket, '\r\n'.repeat(1_000));
      },
    ],
    [
      'with a chunk extension',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;');
        flood(socket, 'x'.repeat(10_000));
      },
    ],
  ])('%s', async (_what, answer) => {
    expect(await sendTo(answer, { timeoutMs: 500 })).toMatchObject({
      attempt: { error: 'timed out after 0.5 s' },
    });
  });
});

describe('a receiver whose answer is beyond a bound fails the call before time is up', () => {
  it.each<[string, (socket: Socket) => void, string]>([
    [
      'headers that never end',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        flood(socket, 'x-more: and more\r\n'.repeat(100));
      },
      'the response headers are too large',
    ],
    [
      'one header that never ends',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nx-long: ');
        flood(socket, 'x'.repeat(10_000));
      },
      'the response headers are too large',
    ],
    [
      'trailers that never end',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n');
        flood(socket, 'x-more: and more\r\n'.repeat(100));
      },
      'the response headers are too large',
    ],
    [
      'interim answers that never end',
      (socket) => {
        flood(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(10));
      },
      'too many interim answers (1xx)',
    ],
  ])('%s', async (_what, answer, error) => {
    const result = await sendTo(answer);
    expect(result).toMatchObject({ delivered: false, attempt: { error } });
  });
});

describe('an answer that is not HTTP fails the call', () => {
  const invalid = 'the response is not valid HTTP';
  const mismatch = 'the response is shorter or longer than its content-length';
  const closed = 'the connection was closed before the response was complete';
  it.each([
    ['an invalid chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n', invalid],
    [
      'a chunk longer than it says',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n',
      invalid,
    ],
    ['chunks without an end', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n', closed],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}', mismatch],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
      mismatch,
    ],
    ['a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}', invalid],
    [
      'a length beyond all numbers',
      'HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n{}',
      mismatch,
    ],
    ['bytes of a header that do not belong there', 'HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\n', invalid],
    ['a status that is none', 'HTTP/1.1 2000 OK\r\n\r\n', invalid],
    ['nothing', '', closed],
  ])('%s', async (_what, text, error) => {
    expect(await sendTo((socket) => socket.end(text, 'latin1'))).toMatchObject({
      delivered: false,
      attempt: { error },
    });
  });

  it('a change of protocol that nobody asked for', async () => {
    const answer = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';
    expect(await sendTo((socket) => socket.write(answer))).toHaveProperty('delivered', false);
  });
});

it('an interim answer in good faith is understood', async () => {
  const answer = `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${keepAliveAnswer()}`;
  expect(await sendTo((socket) => socket.write(answer))).toHaveProperty('delivered', true);
});

it('an answer of HTTP/1.0 that ends with its connection is whole', async () => {
  expect(await sendTo((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n{"ok":true}'))).toMatchObject({
    attempt: { response: { body: { data: '{"ok":true}' } } },
  });
});

it('what comes after an answer is no answer to the next call', async () => {
  const target = await receiver(({ socket, ofConnection, connection }) => {
    if (connection === 1 && ofConnection === 1)
      socket.write(keepAliveAnswer() + keepAliveAnswer('"smuggled"'));
    else socket.write(keepAliveAnswer('"own"'));
  });
  expect(await send(target)).toMatchObject({ attempt: { response: { body: { data: '{"ok":true}' } } } });
  expect(await send(target)).toMatchObject({ attempt: { response: { body: { data: '"own"' } } } });
});

it('an answer before the request has been read is the answer', async () => {
  const target = await receiver(() => undefined);
  // Reads the headers, refuses by them, and reads on as an honest receiver does.
  target.onConnection((socket) => {
    socket.once('data', () =>
      socket.write('HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'),
    );
  });
  expect(await send(target, { body: 'x'.repeat(2_000_000) })).toMatchObject({
    attempt: { error: '413 Payload Too Large' },
  });
});

describe('compressed bytes that are a bomb', () => {
  const zeros = Buffer.alloc(50 * 1_048_576);
  const once = gzipSync(zeros);
  const bombs: [string, string, Buffer][] = [
    ['gzip', 'gzip', once],
    ['gzip in gzip in gzip', 'gzip, gzip, gzip', gzipSync(gzipSync(once))],
    ['br', 'br', brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })],
    ['deflate', 'deflate', deflateSync(zeros)],
    ['zstd of one byte that is repeated', 'zstd', repeatedByteZstd(16_000)],
  ];
  it.each(bombs)('are cut: %s', async (_what, encoding, bytes) => {
    const before = process.memoryUsage().arrayBuffers;
    const head = `HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${bytes.length}\r\n\r\n`;
    const result = await sendTo((socket) => {
      socket.write(head);
      socket.write(bytes);
    });
    expect(result).toMatchObject({
      delivered: true,
      attempt: { response: { body: { bytes: MAX_RESPONSE_BYTES, truncated: true } } },
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1_048_576);
  });

  it.each([
    ['gzip members without content', 'gzip', Buffer.concat(new Array<Buffer>(100_000).fill(gzipSync('')))],
    [
      'zstd frames that are to be skipped',
      'zstd',
      Buffer.concat(new Array<Buffer>(3).fill(skippableZstd(500_000))),
    ],
    [
      'gzip of what never comes to anything',
      'gzip, gzip',
      gzipSync(Buffer.concat(new Array<Buffer>(100_000).fill(gzipSync('')))),
    ],
  ])('and come to nothing fail the call: %s', async (_what, encoding, bytes) => {
    const head = `HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${bytes.length}\r\n\r\n`;
    const result = await sendTo((socket) => {
      socket.write(head);
      socket.write(bytes);
    });
    expect(result).toMatchObject({
      delivered: false,
      attempt: { error: 'the response could not be decompressed' },
    });
  });
});

it('deflate without the wrapping of zlib is read, as some receivers send it', async () => {
  const bytes = deflateRawSync('{"ok":true}');
  const head = `HTTP/1.1 200 OK\r\ncontent-encoding: deflate\r\ncontent-length: ${bytes.length}\r\n\r\n`;
  const result = await sendTo((socket) => {
    socket.write(head);
    socket.write(bytes);
  });
  expect(result).toMatchObject({ attempt: { response: { body: { data: '{"ok":true}' } } } });
});
