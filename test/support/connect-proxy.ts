import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';

/** A real proxy (CONNECT) on loopback, to which public addresses are what a test says. */
export class ConnectProxy {
  /** What was asked for, `address:port`. */
  readonly asked: string[] = [];
  /** Of each of these requests, `proxy-authorization`. */
  readonly authorizations: (string | undefined)[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly url: string,
  ) {}

  /** @param routeTo the port on loopback that an authority leads to, or a status to refuse with */
  static async start(
    routeTo: (authority: string, request: IncomingMessage) => { port: number } | { status: number },
    tls?: TlsOptions,
  ): Promise<ConnectProxy> {
    const server = tls ? createTlsServer(tls) : createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const proxy = new ConnectProxy(server, `${tls ? 'https' : 'http'}://127.0.0.1:${port}`);
    server.on('connection', (socket: Socket) => proxy.keep(socket));
    server.on('connect', (request: IncomingMessage, client: Socket) => {
      const authority = request.url ?? '';
      proxy.asked.push(authority);
      proxy.authorizations.push(request.headers['proxy-authorization']);
      proxy.keep(client);
      const to = routeTo(authority, request);
      if ('status' in to) {
        client.end(`HTTP/1.1 ${to.status} Refused\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      const target = proxy.keep(connect(to.port, '127.0.0.1'));
      target.once('connect', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.pipe(target).pipe(client);
      });
    });
    return proxy;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
  }
}
