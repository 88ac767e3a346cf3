import type { Readable } from 'node:stream';
import type { ConnectPhases } from '../connect-phases';

export interface HttpRequest {
  method: string;
  /** With its query. */
  path: string;
  /** Names in lower case; neither `host` nor what belongs to the connection. */
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  /** Ends the request and its answer, wherever they are. */
  signal: AbortSignal;
  /** Told when a connection takes it. @param phases of making that; undefined when it was there already */
  onConnected?: (phases: ConnectPhases | undefined) => void;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** To be read to its end or destroyed: the connection is not free before. */
  body: Readable;
}

/** A connection to one origin. It closes itself when nobody has used it for a while. */
export interface Connection {
  readonly isHttp2: boolean;
  /** Counts the connections to one place, in the order in which they were opened. */
  readonly number: number;
  /** Requests that may be sent on it now; 0 for ever once it is closed. */
  readonly room: number;
  /** The receiver has not said yet how many it takes at once. */
  readonly mayGrow: boolean;
  readonly isIdle: boolean;
  /**
   * Sends a request. Only while there is room.
   *
   * @throws ConnectionLost when the connection ended before the first byte of an answer; the error of undici or Node for
   *   all else
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Ends it at once, with all that is under way. */
  close(): void;
}

/** Told when a connection that had no room has some, and when it has closed. */
export interface ConnectionWatch {
  freed(connection: Connection): void;
  closed(connection: Connection): void;
}

/** The connection ended, and of the answer nothing had come. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';

  constructor(
    /** Of the connection. */
    readonly number: number,
    /** What ended it. */
    override readonly cause: unknown,
    /**
     * Whether to send the request on a fresh connection at once: a receiver closes what it deems idle just when it is
     * used again, or says itself that it has not looked at the request.
     */
    readonly mayRetry: boolean,
  ) {
    super('the connection was lost');
  }
}

/** RFC 9110, 15.2: any number of these may come before the answer. Some come from proxies in good faith. */
export const MAX_INTERIM_ANSWERS = 16;
