import fc from 'fast-check';
import {
  frame,
  literalHeader,
  numbers,
  RawHttp2Receiver,
  STATUS_200,
  type RawStream,
} from '../../support/raw-http2-receiver';
import { codedBody } from './bodies';

/** What is sent on a connection of HTTP/2 after a request has come. */
export interface Frame {
  type: number;
  flags: number;
  /** Undefined: that of the request. */
  stream: number | undefined;
  /** One character for each byte. */
  payload: string;
}

const latin1 = (bytes: Buffer) => bytes.toString('latin1');
const head = (...headers: Buffer[]) => latin1(Buffer.concat([STATUS_200, ...headers]));

const HEADS = [
  ...new Array<string>(4).fill(head(literalHeader('content-type', 'application/json'))),
  ...[head(), head(literalHeader('content-length', '5')), head(literalHeader('content-length', '-5'))],
  ...[
    head(literalHeader('content-encoding', 'gzip')),
    head(literalHeader('connection', 'close')),
    head(literalHeader('A', 'b')),
  ],
  ...[
    head(STATUS_200),
    latin1(literalHeader('x', 'y')),
    '\x8d',
    '\xff\xff\xff\xff\xff',
    '\x00\x7f\xff\xff\xff\x07',
    '',
  ],
  head(...new Array<Buffer>(700).fill(literalHeader('x-many', 'x'.repeat(20)))),
];

const bodies = fc.oneof(
  fc.constantFrom('{"ok":true}', '', 'x'.repeat(16_384), '\0'),
  codedBody.map(({ body }) => body.slice(0, 16_384)),
);

const anyFrame = fc.record<Frame>({
  type: fc.integer({ min: 0, max: 12 }),
  flags: fc.constantFrom(0, 1, 4, 5, 8, 0x20, 0xff),
  stream: fc.constantFrom(undefined, undefined, 0, 1, 2, 3, 0x7fffffff),
  payload: fc.oneof(
    fc.constantFrom(
      ...HEADS,
      latin1(numbers(0)),
      latin1(numbers(0, 0)),
      latin1(numbers(0x7fffffff)),
      '\0\x04\xff\xff\xff\xff',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
    bodies,
  ),
});

const honest = fc.tuple(fc.constantFrom(...HEADS), bodies).map(([block, body]): Frame[] => [
  { type: 1, flags: 4, stream: undefined, payload: block },
  { type: 0, flags: 1, stream: undefined, payload: body },
]);

/** Frames: honest ones, with others before, between and after them. */
export const http2Answer: fc.Arbitrary<Frame[]> = fc.oneof(
  honest,
  fc
    .tuple(fc.array(anyFrame, { maxLength: 3 }), honest, fc.array(anyFrame, { maxLength: 3 }))
    .map((parts) => parts.flat()),
  fc
    .tuple(honest, anyFrame)
    .map(([[one, two], between]) => [one, between, two].filter((each) => each !== undefined)),
  fc.array(anyFrame, { maxLength: 8 }),
  // Floods that cost nothing to send: PING, SETTINGS, empty CONTINUATION, RST_STREAM.
  fc
    .tuple(anyFrame, fc.constantFrom(100, 2_000))
    .map(([each, count]) => new Array<Frame>(count).fill({ ...each, payload: each.payload.slice(0, 40) })),
);

/** A receiver that answers each request with the next of its answers. */
export class Http2Hostile {
  answers: Frame[][] = [];

  private constructor(readonly receiver: RawHttp2Receiver) {}

  static async start(tls: { key: string; cert: string }): Promise<Http2Hostile> {
    const hostile: Http2Hostile = new Http2Hostile(
      await RawHttp2Receiver.start((stream) => {
        hostile.answer(stream);
      }, tls),
    );
    return hostile;
  }

  private answer({ id, socket }: RawStream): void {
    const frames = this.answers.shift() ?? [];
    socket.write(
      Buffer.concat(
        frames.map(({ type, flags, stream, payload }) =>
          frame(type, flags, stream ?? id, Buffer.from(payload, 'latin1')),
        ),
      ),
    );
  }
}
