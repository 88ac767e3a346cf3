import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';

/** Types of frames (RFC 9113, 6) and the flags that end a stream and its headers. */
export const frameTypes = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  continuation: 9,
} as const;
export const END_STREAM = 1;
export const END_HEADERS = 4;

/** `:status: 200` in HPACK: an entry of the static table. */
export const STATUS_200 = Buffer.from([0x88]);

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

export interface RawHttp2Options {
  /** Sends not even its settings. */
  isSilent?: boolean;
  /** Hands on a request when its headers have come; else when all of it has. */
  answersEarly?: boolean;
}

/** A request's stream. */
export interface RawStream {
  id: number;
  socket: Socket;
  /** Counts the connections, and the requests of this one, from 1. */
  connection: number;
  ofConnection: number;
  send(type: number, flags: number, payload?: Buffer): void;
}

/** A TLS server that agrees to HTTP/2 and then sends whatever frames a test likes, also those that no honest one would. */
export class RawHttp2Receiver {
  readonly requests: RawStream[] = [];
  connections = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(
    answer: (stream: RawStream) => void,
    tls: { key: string; cert: string },
    options: RawHttp2Options = {},
  ): Promise<RawHttp2Receiver> {
    const server = createServer({ ...tls, ALPNProtocols: ['h2'] }, (socket) => {
      receiver.accept(socket, answer, options);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const receiver: RawHttp2Receiver = new RawHttp2Receiver(server, url);
    return receiver;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(
    socket: Socket,
    answer: (stream: RawStream) => void,
    { isSilent = false, answersEarly = false }: RawHttp2Options,
  ): void {
    this.connections += 1;
    this.sockets.add(socket);
    const connection = this.connections;
    let ofConnection = 0;
    let bytes = Buffer.alloc(0);
    let hasPreface = false;
    const onFrame = (type: number, flags: number, id: number) => {
      if (isSilent) return;
      if (type === frameTypes.settings && (flags & 1) === 0) socket.write(frame(frameTypes.settings, 1, 0));
      const isWhole = type === frameTypes.data && (flags & END_STREAM) !== 0;
      if (answersEarly ? type !== frameTypes.headers : !isWhole) return;
      ofConnection += 1;
      const send: RawStream['send'] = (sent, sentFlags, payload) => {
        socket.write(frame(sent, sentFlags, id, payload));
      };
      const stream = { id, socket, connection, ofConnection, send };
      this.requests.push(stream);
      answer(stream);
    };
    if (!isSilent) socket.write(frame(frameTypes.settings, 0, 0));
    socket
      .on('error', () => undefined)
      .on('data', (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk]);
        if (!hasPreface && bytes.length >= PREFACE.length) {
          hasPreface = true;
          bytes = bytes.subarray(PREFACE.length);
        }
        while (hasPreface && bytes.length >= 9 && bytes.length >= 9 + bytes.readUIntBE(0, 3)) {
          const length = bytes.readUIntBE(0, 3);
          const [type, flags, id] = [bytes.readUInt8(3), bytes.readUInt8(4), bytes.readUInt32BE(5)];
          bytes = bytes.subarray(9 + length);
          onFrame(type, flags, id);
        }
      });
  }
}

export function frame(type: number, flags: number, id: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, payload]);
}

/** Numbers of 32 bits, as RST_STREAM and GOAWAY have them. */
export function numbers(...values: number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value])));
}

/** A header in HPACK, neither compressed nor indexed. Name and value shorter than 127 bytes. */
export function literalHeader(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}

/** Answers 200 with a body of JSON. */
export function answerRaw(stream: RawStream): void {
  stream.send(frameTypes.headers, END_HEADERS, STATUS_200);
  stream.send(frameTypes.data, END_STREAM, Buffer.from('{"ok":true}'));
}
