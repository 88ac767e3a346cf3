import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createGzip } from 'node:zlib';

export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  /** The body as it came, and parsed; of one that is no JSON object, an empty object. */
  text: string;
  json: Record<string, unknown>;
  at: number;
}

export type Answer = (request: ReceivedRequest, response: ServerResponse) => void;

/** A real HTTP receiver on a free loopback port that records each request and answers as it is told. */
export class Receiver {
  readonly requests: ReceivedRequest[] = [];
  private readonly waiting: { count: number; path: string; resolve: () => void }[] = [];

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly url: string,
  ) {}

  /**
   * @param answer what to do with each request; 200 with `{"ok":true}` when absent
   * @param host the loopback address that it listens on
   */
  static async start(
    answer: Answer = answerJson(200, { ok: true }),
    tls?: ServerOptions,
    { host = '127.0.0.1', port = 0 }: { host?: string; port?: number } = {},
  ): Promise<Receiver> {
    const listener: RequestListener = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('error', () => undefined);
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const received = {
          method: request.method ?? '',
          path: request.url ?? '',
          headers: request.headers,
          text,
          json: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>,
          at: Date.now(),
        };
        receiver.record(received);
        answer(received, response);
      });
    };
    const server = tls ? createTlsServer(tls, listener) : createServer(listener);
    server.listen(port, host);
    await once(server, 'listening');
    const bound = server.address() as AddressInfo;
    const origin = `${tls ? 'https' : 'http'}://${host}:${bound.port}`;
    const receiver: Receiver = new Receiver(server, origin);
    return receiver;
  }

  /** Resolves when `count` requests have come in, to `path` alone when it is given. */
  async received(count: number, path = ''): Promise<void> {
    if (this.to(path).length >= count) return;
    await new Promise<void>((resolve) => this.waiting.push({ count, path, resolve }));
  }

  /** The requests whose path begins with `path`. */
  to(path: string): ReceivedRequest[] {
    return this.requests.filter((request) => request.path.startsWith(path));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private record(request: ReceivedRequest): void {
    this.requests.push(request);
    for (const { count, path, resolve } of this.waiting) if (this.to(path).length >= count) resolve();
  }
}

export function answerJson(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

export function answerBytes(
  bytes: Buffer | string,
  headers: Record<string, string> = {},
  status = 200,
): Answer {
  return (_request, response) => {
    response.writeHead(status, headers).end(bytes);
  };
}

/** A gigabyte of zeros, compressed to a megabyte as it is sent. */
export const answerGigabyteOfGzip: Answer = (_request, response) => {
  const gzip = createGzip({ level: 1 });
  response.writeHead(200, { 'content-encoding': 'gzip' });
  gzip.pipe(response);
  const megabyte = Buffer.alloc(1_048_576);
  let left = 1_024;
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!gzip.write(megabyte)) {
        gzip.once('drain', more);
        return;
      }
    }
    gzip.end();
  };
  more();
};
