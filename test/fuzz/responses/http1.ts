import fc from 'fast-check';
import { RawReceiver, type RawRequest } from '../../support/raw-receiver';
import { edited, piece } from '../mutations';
import { codedBody, type CodedBody } from './bodies';

/** What a hostile receiver does with one request. */
export interface Answer {
  /** One character for each byte. */
  text: string;
  /** How many writes it is sent in. */
  writes: number;
  /** `flood`: its last piece again and again, for as long as it is taken. */
  then: 'open' | 'end' | 'reset' | 'flood';
}

const STATUS_LINES = [
  ...new Array<string>(6).fill('HTTP/1.1 200 OK'),
  ...[
    'HTTP/1.1 204 No Content',
    'HTTP/1.1 209 ',
    'HTTP/1.1 304 Not Modified',
    'HTTP/1.1 301 Moved',
    'HTTP/1.1 503 Busy',
  ],
  ...[
    'HTTP/1.0 200 OK',
    'HTTP/1.1 100 Continue',
    'HTTP/1.1 103 Early Hints',
    'HTTP/1.1 101 Switching Protocols',
  ],
  ...[
    'HTTP/1.1 099 Low',
    'HTTP/1.1 999 High',
    'HTTP/2.0 200 OK',
    'HTTP/0.9 200 OK',
    'http/1.1 200 ok',
    'ICY 200 OK',
    '<html>',
  ],
];

const HEADERS = [
  ...[
    'content-type: application/json',
    'content-type: text/plain; charset=utf-16',
    'content-type: \xff\xfe',
    'connection: close',
  ],
  ...[
    'connection: keep-alive',
    'keep-alive: timeout=0',
    'keep-alive: timeout=99999999999',
    'retry-after: 5',
    'retry-after: -1',
  ],
  ...[
    'retry-after: 99999999999999999999',
    'location: http://169.254.169.254/',
    'set-cookie: a=b',
    'set-cookie: c=d',
    'x: a\0b',
  ],
  ...[
    'content-length: 0',
    'content-length: 5, 5',
    'transfer-encoding: gzip, chunked',
    'transfer-encoding: identity',
    'upgrade: h2c',
  ],
  ...[
    '__proto__: 1',
    'constructor: 1',
    ': empty',
    'a b: c',
    ' folded: 1',
    '\tfolded',
    'trailer: x',
    'content-encoding: gzip',
    'x',
  ],
];

const header = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...HEADERS) },
  { weight: 2, arbitrary: fc.tuple(piece, piece).map((parts) => parts.join(': ')) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(1_000, 16_000, 17_000, 100_000)
      .map((length) => `x-long: ${'x'.repeat(length)}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(50, 500, 3_000).map((count) => `x-many: 1\r\n`.repeat(count).trimEnd()),
  },
);

type Framing =
  | 'length'
  | 'short'
  | 'long'
  | 'huge'
  | 'negative'
  | 'twice'
  | 'chunks'
  | 'bad-chunks'
  | 'endless'
  | 'both'
  | 'none';

/** A body and the header that says, or lies, where it ends. */
function framed(body: string, framing: Framing): [headers: string[], body: string] {
  const length = (value: number | string) => `content-length: ${value}`;
  const chunked = 'transfer-encoding: chunked';
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
  switch (framing) {
    case 'length':
      return [[length(body.length)], body];
    case 'short':
      return [[length(Math.floor(body.length / 2))], body];
    case 'long':
      return [[length(body.length + 1_000)], body];
    case 'huge':
      return [[length('99999999999999999999')], body];
    case 'negative':
      return [[length(-1)], body];
    case 'twice':
      return [[length(body.length), length(body.length + 1)], body];
    case 'chunks':
      return [
        [chunked],
        `${chunk(body.slice(0, 10))}${body.length > 10 ? chunk(body.slice(10)) : ''}0\r\n\r\n`,
      ];
    case 'bad-chunks':
      return [[chunked], `${chunk(body)}ffffffffffffffffff\r\n${body}\r\nzz\r\n\r\n`];
    case 'endless':
      return [[chunked], `${chunk(body)}5;${'x=y;'.repeat(100)}\r\nabcde\r\n`];
    case 'both':
      return [[length(body.length), chunked], `${chunk(body)}0\r\nx-trailer: 1\r\n\r\n`];
    case 'none':
      return [[], body];
  }
}

const framing = fc.constantFrom<Framing>(
  ...new Array<Framing>(4).fill('length'),
  ...([
    'short',
    'long',
    'huge',
    'negative',
    'twice',
    'chunks',
    'chunks',
    'bad-chunks',
    'endless',
    'both',
    'none',
  ] as const),
);

function textOf(status: string, own: string[], coded: CodedBody, how: Framing, again: boolean): string {
  const [lengths, body] = framed(coded.body, how);
  const coding = coded.encoding === undefined ? [] : [`content-encoding: ${coded.encoding}`];
  const text = [status, ...own, ...coding, ...lengths, '', body].join('\r\n');
  // What a proxy in between would take for the answer to the next request.
  return again ? text + text : text;
}

const written = fc
  .tuple(
    fc.constantFrom(...STATUS_LINES),
    fc.array(header, { maxLength: 6 }),
    codedBody,
    framing,
    fc.constantFrom(false, false, true),
  )
  .map(([status, own, coded, how, again]) => textOf(status, own, coded, how, again));

const text = fc.oneof(
  { weight: 4, arbitrary: written },
  { weight: 2, arbitrary: written.chain((each) => edited(each)) },
  {
    weight: 1,
    arbitrary: edited(
      'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    ),
  },
);

/** Answers of HTTP/1.1, and what only looks like one. */
export const http1Answer: fc.Arbitrary<Answer> = fc.record({
  text,
  writes: fc.constantFrom(1, 1, 1, 2, 5),
  then: fc.constantFrom<Answer['then']>('open', 'open', 'open', 'end', 'end', 'reset', 'flood'),
});

/** A receiver that answers the request to `/<n>` with the nth answer, and marks each answer with its own number. */
export class Http1Hostile {
  answers: readonly Answer[] = [];

  private constructor(readonly receiver: RawReceiver) {}

  static async start(): Promise<Http1Hostile> {
    const hostile: Http1Hostile = new Http1Hostile(
      await RawReceiver.start((request) => {
        hostile.answer(request);
      }),
    );
    return hostile;
  }

  private answer({ socket, text }: RawRequest): void {
    const number = Number(/^POST \/(\d+)/.exec(text)?.[1]);
    const answer = this.answers[number];
    if (answer === undefined) return;
    const marked = answer.text.replaceAll(/^(HTTP\/1\.1 \d+ [^\r\n]*\r\n)/gm, `$1x-number: ${number}\r\n`);
    const bytes = Buffer.from(marked, 'latin1');
    const size = Math.ceil(bytes.length / answer.writes);
    const pieces = Array.from({ length: answer.writes }, (_, nth) =>
      bytes.subarray(nth * size, (nth + 1) * size),
    );
    const write = () => {
      const next = pieces.shift();
      if (next === undefined) finish();
      else {
        socket.write(next);
        if (pieces.length === 0) finish();
        else setTimeout(write, 2);
      }
    };
    const flood = () => {
      while (!socket.destroyed && socket.write(bytes.subarray(-10_000)));
    };
    const finish = () => {
      if (answer.then === 'end') socket.end();
      if (answer.then === 'reset') socket.resetAndDestroy();
      if (answer.then === 'flood' && bytes.length > 0) {
        socket.on('drain', flood);
        flood();
      }
    };
    write();
  }
}

/** Whether what comes after an answer may be taken for the next one: not when all of it came at once. */
export function comesAtOnce({ text, writes, then }: Answer): boolean {
  return writes === 1 && text.length < 10_000 && then !== 'flood';
}
