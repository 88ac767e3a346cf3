import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createGzip } from 'node:zlib';

export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  /** The body as it came, and parsed; of a request without one, an empty object. */
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

  /** @param answer what to do with each request; 200 with `{"ok":true}` when absent */
  static async start(
    answer: Answer = answerJson(200, { ok: true }),
    tls?: { key: string; cert: string },
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
          json: JSON.parse(text || '{}') as Record<string, unknown>,
          at: Date.now(),
        };
        receiver.record(received);
        answer(received, response);
      });
    };
    const server = tls ? createTlsServer(tls, listener) : createServer(listener);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const receiver: Receiver = new Receiver(server, `${tls ? 'https' : 'http'}://127.0.0.1:${port}`);
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
