import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type Settings,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { IDLE_HTTP2_CONNECTION_MS, MAX_HTTP2_STREAMS, MAX_RESPONSE_HEADER_BYTES } from '../../shared/limits';
import { CallRefused } from '../call-error';
import {
  ConnectionLost,
  MAX_INTERIM_ANSWERS,
  type Connection,
  type ConnectionWatch,
  type HttpRequest,
  type HttpResponse,
} from './connection';
import { cancel, Http2Body } from './http2-body';
import { connectionClosed, goAwayError, http2StreamError } from './http2-error';

const { NGHTTP2_REFUSED_STREAM, NGHTTP2_NO_ERROR } = constants;

/**
 * HTTP/2 over a TLS socket that is connected and has agreed on it: node:http2, because undici 6 fails calls that are under
 * way when a receiver says goodbye in good order, waits for ever on a stream that was cancelled, and never closes an
 * idle connection.
 */
export class Http2Connection implements Connection {
  readonly isHttp2 = true;
  readonly number: number;
  private readonly socket: TLSSocket;
  private readonly session: ClientHttp2Session;
  private readonly authority: string;
  /** One until the receiver has said how many it takes at once. */
  private maxStreams: number | undefined;
  private streams = 0;
  private wasAnswered = false;
  /** Takes no request any more, but may have some under way. */
  private isRetired = false;
  private isClosed = false;
  /** The last stream that a receiver who says goodbye has looked at. */
  private lastTaken = Infinity;
  /** The fault that a receiver has named as it said goodbye. */
  private failure: Error | undefined;
  private idleTimer: NodeJS.Timeout | undefined;

  constructor(
    { origin, socket, number }: { origin: string; socket: TLSSocket; number: number },
    private readonly watch: ConnectionWatch,
  ) {
    this.number = number;
    this.socket = socket;
    this.authority = new URL(origin).host;
    this.session = connect(origin, {
      createConnection: () => socket,
      settings: { enablePush: false, maxHeaderListSize: MAX_RESPONSE_HEADER_BYTES },
    });
    this.session
      .on('remoteSettings', ({ maxConcurrentStreams = MAX_HTTP2_STREAMS }: Settings) => {
        this.maxStreams = Math.min(maxConcurrentStreams, MAX_HTTP2_STREAMS);
        this.watch.freed(this);
      })
      .on('goaway', (code: number, lastStream: number) => {
        this.isRetired = true;
        this.lastTaken = lastStream;
        if (code !== NGHTTP2_NO_ERROR) this.failure = goAwayError(code);
      })
      // Its streams tell of it.
      .on('error', () => undefined)
      .on('close', () => {
        this.close();
      });
  }

  get room(): number {
    return this.isOpen ? Math.max(0, (this.maxStreams ?? 1) - this.streams) : 0;
  }

  get mayGrow(): boolean {
    return this.isOpen && this.maxStreams === undefined;
  }

  get isIdle(): boolean {
    return this.streams === 0;
  }

  private get isOpen(): boolean {
    return !this.isRetired && !this.isClosed && !this.session.closed && !this.session.destroyed;
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    request.signal.throwIfAborted();
    const { wasAnswered } = this;
    const stream = this.open(request);
    return new Promise<HttpResponse>((resolve, reject) => {
      let body: Http2Body | undefined;
      let interim = 0;
      let failure: Error | undefined;
      const end = (error: Error) => {
        reject(error);
        if (body === undefined) cancel(stream);
        else body.destroy(error);
      };
      const timeIsUp = () => {
        // It may be the connection that is dead, and not the receiver slow: nobody else is to wait for it.
        this.isRetired = true;
        end(new Error('time is up'));
      };
      request.signal.addEventListener('abort', timeIsUp);
      stream
        .on('headers', () => {
          interim += 1;
          if (interim > MAX_INTERIM_ANSWERS) end(new CallRefused('too many interim answers (1xx)'));
        })
        .once('response', ({ ':status': status = 0, ...headers }) => {
          // Node holds to the limit only from the second answer on.
          if (headerBytes(headers) > MAX_RESPONSE_HEADER_BYTES) {
            end(new CallRefused('the response headers are too large'));
            return;
          }
          this.wasAnswered = true;
          body = new Http2Body(stream, headers['content-length'], () => this.whyEnded(stream, failure));
          resolve({ status, headers, body });
        })
        .on('error', (error) => {
          failure = error as Error;
        })
        .once('close', () => {
          request.signal.removeEventListener('abort', timeIsUp);
          reject(this.unanswered(stream, failure, { hasBegun: interim > 0, wasAnswered }));
          this.released();
        });
    });
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearTimeout(this.idleTimer);
    this.session.destroy();
    this.watch.closed(this);
  }

  private open({ method, path, headers, body }: HttpRequest): ClientHttp2Stream {
    const bytes = body === undefined ? undefined : Buffer.from(body);
    let stream: ClientHttp2Stream;
    try {
      stream = this.session.request(
        {
          ...headers,
          ':method': method,
          ':path': path,
          ':authority': this.authority,
          ...(bytes && { 'content-length': bytes.length }),
        },
        { endStream: bytes === undefined },
      );
    } catch (error) {
      // Either it has closed just now, or these are headers that HTTP/2 does not have.
      const isGone = this.session.closed || this.session.destroyed;
      throw isGone ? new ConnectionLost(this.number, error, true) : error;
    }
    this.streams += 1;
    clearTimeout(this.idleTimer);
    this.session.ref();
    if (bytes !== undefined) stream.end(bytes);
    return stream;
  }

  private released(): void {
    this.streams -= 1;
    if (this.isClosed) return;
    if (this.isIdle && this.isRetired) {
      this.close();
      return;
    }
    if (this.isIdle) {
      this.session.unref();
      this.idleTimer = setTimeout(() => {
        this.close();
      }, IDLE_HTTP2_CONNECTION_MS).unref();
    }
    this.watch.freed(this);
  }

  /** What became of a stream that has ended without an answer. */
  private unanswered(
    stream: ClientHttp2Stream,
    failure: Error | undefined,
    { hasBegun, wasAnswered }: { hasBegun: boolean; wasAnswered: boolean },
  ): Error {
    // Never sent, or beyond the last one that the receiver has looked at.
    const wasNotTaken = stream.id === undefined || stream.id > this.lastTaken;
    const wasRefused = !this.isGone && stream.rstCode === NGHTTP2_REFUSED_STREAM;
    if (wasRefused) this.isRetired = true;
    const error = this.whyEnded(stream, failure);
    if (wasNotTaken || wasRefused) return new ConnectionLost(this.number, error, true);
    // A receiver that names a fault has not just closed what it deemed idle.
    const mayRetry = wasAnswered && this.failure === undefined;
    return this.isGone && !hasBegun ? new ConnectionLost(this.number, error, mayRetry) : error;
  }

  private get isGone(): boolean {
    return this.session.destroyed || this.socket.destroyed;
  }

  /** @param failure what Node has said of the stream */
  private whyEnded(stream: ClientHttp2Stream, failure: Error | undefined): Error {
    return this.isGone ? (this.failure ?? failure ?? connectionClosed()) : http2StreamError(stream);
  }
}

function headerBytes(headers: IncomingHttpHeaders): number {
  return Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
}
