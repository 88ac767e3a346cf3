import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { pipeline, Transform, type TransformCallback } from 'node:stream';

/** A TCP proxy between two parties, which can be made as bad as a network gets. */
export class Link {
  private readonly sockets = new Set<Socket>();
  private isCut = false;
  private delayMs = 0;
  private healed: Promise<void> | undefined;
  private heal: (() => void) | undefined;

  private constructor(
    /** The two that it joins, e.g. `worker-temporal`: who connects stands first. */
    readonly name: string,
    private readonly server: Server,
    /** `host:port` of the one that is connected to; it may move when that one starts anew. */
    public target: string,
  ) {}

  static async open(name: string, target: string): Promise<Link> {
    const server = createServer({ allowHalfOpen: true }, (client) => {
      link.join(client);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const link: Link = new Link(name, server, target);
    return link;
  }

  /** Where the one that connects finds it: `host:port`. */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Resets what is connected, and whatever connects from now on. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Keeps connections, and lets nothing pass. */
  swallow(): void {
    this.healed = new Promise((resolve) => {
      this.heal = resolve;
    });
  }

  /** Holds each piece of data for so long. Milliseconds. */
  slow(delayMs: number): void {
    this.delayMs = delayMs;
  }

  mend(): void {
    this.isCut = false;
    this.delayMs = 0;
    this.healed = undefined;
    this.heal?.();
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Resolves when a piece of data may pass; with whether it was held. */
  async passage(): Promise<boolean> {
    if (this.healed === undefined && this.delayMs === 0) return false;
    const { healed, delayMs } = this;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    await healed;
    return true;
  }

  private join(client: Socket): void {
    client.on('error', () => undefined);
    if (this.isCut) {
      client.resetAndDestroy();
      return;
    }
    const [host = '', port = ''] = this.target.split(':');
    const server = connect({ host, port: Number(port), allowHalfOpen: true });
    const both = [client, server];
    for (const end of both) {
      this.sockets.add(end);
      end.on('close', () => this.sockets.delete(end));
    }
    const endBoth = () => {
      for (const end of both) end.destroy();
    };
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      // A broken end breaks the other one; a mere end of one direction is passed on.
      pipeline(from, new Passage(this), to, (error) => {
        if (error) endBoth();
      });
    }
  }
}

/** One direction of a connection. */
class Passage extends Transform {
  constructor(private readonly link: Link) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    void this.link.passage().then((wasHeld) => {
      // What its sender has given up meanwhile does not arrive late: else a call that timed out could not be told from one
      // that was made again.
      if (wasHeld && this.writableEnded) done(new Error('its sender has hung up'));
      else done(null, chunk);
    });
  }
}
