import { MAX_IDLE_CONNECTIONS } from '../../shared/limits';
import type { Connection, HttpRequest, HttpResponse } from './connection';
import { Lane, type Place } from './lane';

/**
 * The connections to all receivers: kept alive, HTTP/2 where the receiver agrees to it, at most
 * MAX_CONNECTIONS_PER_ORIGIN to one place and MAX_IDLE_CONNECTIONS that do nothing.
 */
export class ConnectionPool {
  private readonly lanes = new Map<string, Lane>();
  /** Those that are idle longest first. */
  private readonly idle = new Set<Connection>();
  private isClosing = false;
  private whenEmpty: (() => void) | undefined;

  /**
   * Sends a request. When a connection that was used before is lost before a byte of the answer has come, the request is
   * sent once more, on one that is opened for it: a receiver may close what it deems idle at any moment.
   *
   * @param key places of one key and origin share their connections
   * @throws what the connector, undici or Node threw
   */
  async send(place: Place, key: string, request: HttpRequest): Promise<HttpResponse> {
    if (this.isClosing) throw new Error('no more calls are made');
    return this.lane(place, `${place.origin.origin} ${key}`).send(request);
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    this.isClosing = true;
    for (const connection of this.idle) connection.close();
    if (this.lanes.size === 0) return;
    await new Promise<void>((resolve) => {
      this.whenEmpty = resolve;
    });
  }

  private lane(place: Place, name: string): Lane {
    const known = this.lanes.get(name);
    if (known !== undefined) return known;
    const lane = new Lane(place, {
      busy: (connection) => {
        this.idle.delete(connection);
      },
      idle: (connection) => {
        this.becameIdle(connection);
      },
      gone: (connection) => {
        this.idle.delete(connection);
      },
      empty: () => {
        this.lanes.delete(name);
        if (this.lanes.size === 0) this.whenEmpty?.();
      },
    });
    this.lanes.set(name, lane);
    return lane;
  }

  private becameIdle(connection: Connection): void {
    this.idle.delete(connection);
    this.idle.add(connection);
    const [longest] = this.idle;
    if (this.isClosing) connection.close();
    else if (this.idle.size > MAX_IDLE_CONNECTIONS) longest?.close();
  }
}
