import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy on a loopback port of its own, behind which a server can be made to be away and to come back. */
export class TcpGate {
  private readonly sockets = new Set<Socket>();
  private isOpen = true;

  private constructor(
    private readonly server: Server,
    /** `host:port`. */
    readonly address: string,
  ) {}

  /** @param target `host:port` of the server */
  static async before(target: string): Promise<TcpGate> {
    const [host = '', port = ''] = target.split(':');
    const server = createServer((client) => {
      if (gate.isOpen) gate.join(client, connect(Number(port), host));
      else client.destroy();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const gate: TcpGate = new TcpGate(server, `127.0.0.1:${(server.address() as AddressInfo).port}`);
    return gate;
  }

  /** Breaks off what is connected, and lets nothing through. */
  shut(): void {
    this.isOpen = false;
    for (const socket of this.sockets) socket.destroy();
  }

  reopen(): void {
    this.isOpen = true;
  }

  async close(): Promise<void> {
    this.shut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(...ends: [Socket, Socket]): void {
    const [client, server] = ends;
    for (const end of ends) {
      this.sockets.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        this.sockets.delete(end);
        for (const each of ends) each.destroy();
      });
    }
    client.pipe(server).pipe(client);
  }
}
