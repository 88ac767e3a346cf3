import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, Server as TlsServer } from 'node:tls';

/** A request as its bytes came in. */
export interface RawRequest {
  socket: Socket;
  text: string;
  /** Counts the connections, and the requests of this one, from 1. */
  connection: number;
  ofConnection: number;
}

/** A TCP or TLS server that cuts what comes in into HTTP/1.1 requests with a content-length, and leaves the rest to a test. */
export class RawReceiver {
  readonly requests: RawRequest[] = [];
  readonly open = new Set<Socket>();
  connections = 0;
  private readonly waiting: { isMet: () => boolean; resolve: () => void }[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param host `0.0.0.0` to be an own origin for each address of 127.0.0.0/8 */
  static async start(
    answer: (request: RawRequest) => void,
    { tls, host = '127.0.0.1' }: { tls?: { key: string; cert: string }; host?: string } = {},
  ): Promise<RawReceiver> {
    const accept = (socket: Socket) => {
      receiver.accept(socket, answer);
    };
    const server = tls ? createTlsServer(tls, accept) : createServer({ noDelay: true }, accept);
    server.listen({ port: 0, host, backlog: 1_024 });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const scheme = tls ? 'https' : 'http';
    const receiver: RawReceiver = new RawReceiver(
      server,
      `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    );
    return receiver;
  }

  /** Does something beside with each connection from now on, e.g. answers before a request is whole. */
  onConnection(act: (socket: Socket) => void): void {
    this.server.on(this.server instanceof TlsServer ? 'secureConnection' : 'connection', act);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Resolves when the condition holds; looked at whenever something comes in or a connection ends. */
  async until(isMet: () => boolean): Promise<void> {
    if (isMet()) return;
    await new Promise<void>((resolve) => this.waiting.push({ isMet, resolve }));
  }

  async close(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(socket: Socket, answer: (request: RawRequest) => void): void {
    this.connections += 1;
    this.open.add(socket);
    const connection = this.connections;
    let ofConnection = 0;
    let text = '';
    socket
      .on('error', () => undefined)
      .on('close', () => {
        this.open.delete(socket);
        this.changed();
      })
      .on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        for (let length = requestLength(text); length <= text.length; length = requestLength(text)) {
          ofConnection += 1;
          const request = { socket, text: text.slice(0, length), connection, ofConnection };
          text = text.slice(length);
          this.requests.push(request);
          answer(request);
        }
        this.changed();
      });
  }

  private changed(): void {
    for (const waiter of this.waiting.filter(({ isMet }) => isMet())) {
      this.waiting.splice(this.waiting.indexOf(waiter), 1);
      waiter.resolve();
    }
  }
}

function requestLength(text: string): number {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return Infinity;
  return head + 4 + Number(/^content-length: (\d+)/im.exec(text.slice(0, head))?.[1] ?? 0);
}

/** An answer with a length, after which the connection may be used again. */
export function keepAliveAnswer(body = '{"ok":true}', headers = ''): string {
  return `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n${headers}\r\n${body}`;
}
