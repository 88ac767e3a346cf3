import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import { MAX_CONNECTIONS_PER_ORIGIN } from '../../shared/limits';
import { phasesOf } from '../connect-phases';
import {
  ConnectionLost,
  type Connection,
  type ConnectionWatch,
  type HttpRequest,
  type HttpResponse,
} from './connection';
import { Http1Connection } from './http1-connection';
import { Http2Connection } from './http2-connection';
import { connectionClosed } from './http2-error';

/** Where requests go, and how. */
export interface Place {
  origin: URL;
  /** Makes a connection, by TLS when the origin is https. */
  connect: buildConnector.connector;
}

export interface LaneWatch {
  busy(connection: Connection): void;
  idle(connection: Connection): void;
  gone(connection: Connection): void;
  /** Nothing is under way, and no connection is left. */
  empty: () => void;
}

interface Waiter {
  request: HttpRequest;
  lost: ConnectionLost | undefined;
  answer: (response: Promise<HttpResponse>) => void;
}

/** The connections to one place, and the requests that wait for one. */
export class Lane {
  /** HTTP/1.1: those that were free longest ago first. HTTP/2: the oldest first. */
  private readonly connections = new Set<Connection>();
  private readonly waiting = new Set<Waiter>();
  private calls = 0;
  private opening = 0;
  private opened = 0;
  /**
   * Whether the receiver agreed to HTTP/2 when it was asked last. While nobody knows, a burst of calls waits for the first
   * connection to tell, instead of opening one for each.
   */
  private isHttp2: boolean;
  private readonly connectionWatch: ConnectionWatch = {
    freed: (connection) => {
      this.freed(connection);
    },
    closed: (connection) => {
      this.connections.delete(connection);
      this.watch.gone(connection);
      this.serve();
    },
  };

  constructor(
    private readonly place: Place,
    private readonly watch: LaneWatch,
  ) {
    this.isHttp2 = place.origin.protocol === 'https:';
  }

  /** See ConnectionPool. */
  async send(request: HttpRequest): Promise<HttpResponse> {
    this.calls += 1;
    try {
      return await this.sendOnce(request);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      if (!error.mayRetry || request.signal.aborted) throw error.cause;
      return await this.sendOnce(request, error).catch(throwCause);
    } finally {
      this.calls -= 1;
      this.reportEmpty();
    }
  }

  /** @param lost how an earlier try went: then it takes a connection that was opened since */
  private async sendOnce(request: HttpRequest, lost?: ConnectionLost): Promise<HttpResponse> {
    const ready = this.ready(lost);
    if (ready !== undefined) return this.sendOn(ready, request);
    if (this.mayOpen(lost)) return this.open(request, lost);
    return new Promise((resolve) => {
      this.waiting.add({ request, lost, answer: resolve });
    });
  }

  /** @param opened the connection that was made for it */
  private sendOn(connection: Connection, request: HttpRequest, opened?: Socket): Promise<HttpResponse> {
    this.watch.busy(connection);
    request.onConnected?.(opened && phasesOf(opened));
    return connection.send(request);
  }

  /** HTTP/1.1: the one used last, so that the others may end. HTTP/2: the oldest that has room, for the same reason. */
  private ready(lost?: ConnectionLost): Connection | undefined {
    if (lost !== undefined && !this.isHttp2) return undefined;
    const able = [...this.connections].filter(({ room, number }) => room > 0 && number > (lost?.number ?? 0));
    return this.isHttp2 ? able[0] : able.at(-1);
  }

  private mayOpen(lost?: ConnectionLost): boolean {
    // A call that is sent again takes the place of the connection that it has lost.
    if (lost !== undefined && !this.isHttp2) return true;
    const mayComeToHaveRoom =
      this.isHttp2 && (this.opening > 0 || [...this.connections].some(({ mayGrow }) => mayGrow));
    return !mayComeToHaveRoom && this.connections.size + this.opening < MAX_CONNECTIONS_PER_ORIGIN;
  }

  /** Opens a connection and sends the request on it; or on another one, when it turns out that HTTP/2 lets them share. */
  private async open(request: HttpRequest, lost?: ConnectionLost): Promise<HttpResponse> {
    this.opening += 1;
    this.opened += 1;
    const number = this.opened;
    let connection: Connection;
    let socket: Socket;
    try {
      socket = await this.connect();
      connection = this.connectionOver(socket, number);
    } catch (error) {
      this.opening -= 1;
      this.isHttp2 = false;
      this.serve();
      throw error;
    }
    this.opening -= 1;
    this.isHttp2 = connection.isHttp2;
    this.connections.add(connection);

    // When the time for connecting was not enough for this request, another one may wait.
    const chosen = request.signal.aborted ? undefined : this.ready(connection.isHttp2 ? lost : undefined);
    const opened = chosen === connection ? socket : undefined;
    const response =
      chosen === undefined ? Promise.reject(connectionClosed()) : this.sendOn(chosen, request, opened);
    // Those who waited to know what the receiver speaks.
    this.serve();
    if (chosen !== connection && connection.isIdle) connection.close();
    return response;
  }

  private async connect(): Promise<Socket> {
    const { origin } = this.place;
    const { host, protocol, port } = origin;
    const hostname = origin.hostname.replace(/^\[|\]$/g, '');
    return new Promise((resolve, reject) => {
      this.place.connect({ hostname, host, protocol, port }, (error, socket) => {
        if (error === null) resolve(socket);
        else reject(error);
      });
    });
  }

  private connectionOver(socket: Socket, number: number): Connection {
    // Nobody would tell of a close that has been.
    if (socket.destroyed) throw connectionClosed();
    const { origin } = this.place.origin;
    return socket instanceof TLSSocket && socket.alpnProtocol === 'h2'
      ? new Http2Connection({ origin, socket, number }, this.connectionWatch)
      : new Http1Connection({ origin, socket, number }, this.connectionWatch);
  }

  private freed(connection: Connection): void {
    if (!connection.isHttp2) {
      this.connections.delete(connection);
      this.connections.add(connection);
    }
    this.serve();
    if (connection.isIdle) this.watch.idle(connection);
  }

  /** Sends what waits, in order, as far as there is room. */
  private serve(): void {
    for (const waiter of this.waiting) {
      const { request, lost, answer } = waiter;
      const isOver = request.signal.aborted;
      const ready = isOver ? undefined : this.ready(lost);
      if (!isOver && ready === undefined && !this.mayOpen(lost)) continue;
      this.waiting.delete(waiter);
      if (isOver) answer(Promise.reject(connectionClosed()));
      else answer(ready === undefined ? this.open(request, lost) : this.sendOn(ready, request));
    }
    this.reportEmpty();
  }

  private reportEmpty(): void {
    if (this.calls + this.opening + this.connections.size === 0) this.watch.empty();
  }
}

function throwCause(error: unknown): never {
  throw error instanceof ConnectionLost ? error.cause : error;
}
