import { once } from 'node:events';
import {
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

/** A request, all of it received. */
export interface Http2Request {
  stream: ServerHttp2Stream;
  headers: IncomingHttpHeaders;
  text: string;
  /** Counts the connections, and the requests of this one, from 1. */
  connection: number;
  ofConnection: number;
}

/** A TLS server that speaks HTTP/2 alone. */
export class Http2Receiver {
  readonly requests: Http2Request[] = [];
  readonly sessions: ServerHttp2Session[] = [];
  private readonly waiting: { isMet: () => boolean; resolve: () => void }[] = [];

  private constructor(
    private readonly server: Http2SecureServer,
    readonly url: string,
  ) {}

  static async start(
    answer: (request: Http2Request) => void,
    tls: { key: string; cert: string },
    settings: Settings = {},
  ): Promise<Http2Receiver> {
    const server = createSecureServer({ ...tls, settings, maxSessionMemory: 1_000 });
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1_024 });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const receiver: Http2Receiver = new Http2Receiver(server, `https://127.0.0.1:${port}`);
    server.on('session', (session) => {
      receiver.accept(session, answer);
    });
    return receiver;
  }

  get open(): ServerHttp2Session[] {
    return this.sessions.filter(({ destroyed }) => !destroyed);
  }

  /** Resolves when the condition holds; looked at whenever something comes in or ends. */
  async until(isMet: () => boolean): Promise<void> {
    if (isMet()) return;
    await new Promise<void>((resolve) => this.waiting.push({ isMet, resolve }));
  }

  async close(): Promise<void> {
    for (const session of this.open) session.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(session: ServerHttp2Session, answer: (request: Http2Request) => void): void {
    this.sessions.push(session);
    const connection = this.sessions.length;
    let ofConnection = 0;
    const changed = () => {
      this.changed();
    };
    session
      .on('error', () => undefined)
      .on('close', changed)
      .on('stream', (stream, headers) => {
        ofConnection += 1;
        const own = ofConnection;
        const chunks: Buffer[] = [];
        stream
          .on('error', () => undefined)
          .on('close', changed)
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () => {
            const text = Buffer.concat(chunks).toString();
            const request = { stream, headers, text, connection, ofConnection: own };
            this.requests.push(request);
            answer(request);
            changed();
          });
      });
  }

  private changed(): void {
    for (const waiter of this.waiting.filter(({ isMet }) => isMet())) {
      this.waiting.splice(this.waiting.indexOf(waiter), 1);
      waiter.resolve();
    }
  }
}

export function answerJson({ stream }: Http2Request): void {
  stream.respond({ ':status': 200, 'content-type': 'application/json' });
  stream.end('{"ok":true}');
}
