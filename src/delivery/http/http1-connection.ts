import type { Socket } from 'node:net';
import { Client, type buildConnector } from 'undici';
import { IDLE_CONNECTION_MS, MAX_IDLE_CONNECTION_MS, MAX_RESPONSE_HEADER_BYTES } from '../../shared/limits';
import { CallRefused } from '../call-error';
import {
  ConnectionLost,
  MAX_INTERIM_ANSWERS,
  type Connection,
  type ConnectionWatch,
  type HttpRequest,
  type HttpResponse,
} from './connection';

/** HTTP/1.1 over a socket that is connected: undici speaks it, one request after the other, and never connects by itself. */
export class Http1Connection implements Connection {
  readonly isHttp2 = false;
  private readonly client: Client;
  private state: 'free' | 'busy' | 'closed' = 'free';
  private wasAnswered = false;

  readonly number: number;
  readonly mayGrow = false;
  private readonly socket: Socket;

  constructor(
    { origin, socket, number }: { origin: string; socket: Socket; number: number },
    private readonly watch: ConnectionWatch,
  ) {
    this.number = number;
    this.socket = socket;
    this.client = new Client(origin, {
      connect: onceConnected(socket),
      maxHeaderSize: MAX_RESPONSE_HEADER_BYTES,
      keepAliveTimeout: IDLE_CONNECTION_MS,
      keepAliveMaxTimeout: MAX_IDLE_CONNECTION_MS,
      // One clock for the whole call: the signal of the request.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.client.on('disconnect', () => {
      this.close();
    });
  }

  get room(): number {
    return this.state === 'free' && !this.socket.destroyed ? 1 : 0;
  }

  get isIdle(): boolean {
    return this.state === 'free';
  }

  async send({ method, path, headers, body, signal }: HttpRequest): Promise<HttpResponse> {
    this.state = 'busy';
    const { wasAnswered, socket } = this;
    const bytesBefore = socket.bytesRead;
    let interim = 0;
    try {
      const response = await this.client.request({
        method: method as 'POST',
        path,
        headers,
        body: body ?? null,
        signal,
        onInfo: () => {
          interim += 1;
          if (interim > MAX_INTERIM_ANSWERS) throw new CallRefused('too many interim answers (1xx)');
        },
      });
      this.wasAnswered = true;
      response.body.once('end', () => {
        this.free();
      });
      return { status: response.statusCode, headers: response.headers, body: response.body };
    } catch (error) {
      const isLost = socket.destroyed && socket.bytesRead === bytesBefore && !signal.aborted;
      this.close();
      throw isLost ? new ConnectionLost(this.number, error, wasAnswered) : error;
    }
  }

  close(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    // Whatever is under way fails, and says so itself.
    this.client.destroy().catch(() => undefined);
    this.watch.closed(this);
  }

  private free(): void {
    if (this.state !== 'busy') return;
    this.state = 'free';
    this.watch.freed(this);
  }
}

/** Once it is closed, the request that waits for it must go to another connection, which is not undici's to choose. */
function onceConnected(socket: Socket): buildConnector.connector {
  let isTaken = false;
  return (_options, callback) => {
    if (isTaken) callback(new CallRefused('the connection was closed before the request was sent'), null);
    else callback(null, socket);
    isTaken = true;
  };
}
