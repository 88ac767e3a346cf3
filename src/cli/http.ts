import { setMaxListeners } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { AwayError, CommandError } from './errors';
import { dataOf, linesIn } from './event-source';
import { EXIT } from './exit-codes';
import { ApiError, asItStands, errorOf, type Locate } from './problem';

/** How long nothing at all may come. A stream says every 15 s that it is alive. Milliseconds. */
const SILENCE_TIMEOUT_MS = 60_000;
/** How often, and how long at most, "too many requests" is waited for: such a request was not carried out. Milliseconds. */
const MAX_PATIENCE = 3;
const MAX_WAIT_MS = 10_000;

export interface RequestOptions {
  query?: Query;
  /** The body, as a value. */
  json?: unknown;
  /** The body, as JSON text: numbers stay as they were written. */
  text?: string;
  headers?: Record<string, string>;
  /** Where bad fields stand, for messages. */
  locate?: Locate;
}

export type Query = Record<string, string | number | boolean | undefined>;

export interface Answer<T> {
  status: number;
  /** Undefined with 204. */
  body: T;
}

/** The path of something in the API. @throws CommandError for an id that no path can hold */
export function apiPath(...segments: string[]): string {
  const escaped = segments.map((segment) => {
    if (segment === '') throw new CommandError(EXIT.badInput, 'an id must not be empty');
    // A path that has them is another path.
    return segment === '.' || segment === '..' ? segment.replaceAll('.', '%2E') : encodeURIComponent(segment);
  });
  return `/v1/${escaped.join('/')}`;
}

/** The API of one service, as one key may use it. Of Node's own HTTP, which is there at once: a command makes few requests. */
export class ApiClient {
  /** @param signal ends whatever is under way */
  constructor(
    readonly service: { url: string; key: string },
    private readonly signal: AbortSignal,
  ) {
    // Each request that is under way listens to it.
    setMaxListeners(0, signal);
  }

  /** @throws CommandError for any answer that is an error, AwayError when there is none */
  async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<Answer<T>> {
    const answer = await this.send(method, path, options, 'application/json');
    const text = await this.read(answer);
    const status = answer.statusCode ?? 0;
    if (status >= 300) throw errorOf(status, text, this.service.url, options.locate ?? asItStands);
    return { status, body: (status === 204 ? undefined : this.parsed(text, status)) as T };
  }

  async get<T>(path: string, query: Query = {}): Promise<T> {
    const { body } = await this.request<T>('GET', path, { query });
    return body;
  }

  /** The same; undefined when there is no such thing. */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(path);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** The events of a stream, each parsed. Ends when the service ends it. @throws as `request` does */
  async *stream(path: string): AsyncGenerator {
    const answer = await this.send('GET', path, {}, 'text/event-stream');
    const status = answer.statusCode ?? 0;
    if (status !== 200) throw errorOf(status, await this.read(answer), this.service.url, asItStands);
    try {
      for await (const data of dataOf(answer.setEncoding('utf8') as AsyncIterable<string>)) {
        yield this.parsed(data, status);
      }
    } catch (error) {
      this.fail(error);
    } finally {
      answer.destroy();
    }
  }

  /** The values of NDJSON, each parsed. @throws as `request` does, and AwayError when it breaks off before its end */
  async *lines(path: string, query: Query): AsyncGenerator {
    const answer = await this.send('GET', path, { query }, 'application/x-ndjson');
    const status = answer.statusCode ?? 0;
    if (status !== 200) throw errorOf(status, await this.read(answer), this.service.url, asItStands);
    try {
      for await (const line of linesIn(answer.setEncoding('utf8') as AsyncIterable<string>)) {
        yield this.parsed(line, status);
      }
    } catch (error) {
      this.fail(error);
    } finally {
      answer.destroy();
    }
  }

  /** Sends a request, again when the service asks to come back soon. */
  private async send(
    method: string,
    path: string,
    options: RequestOptions,
    accept: string,
  ): Promise<IncomingMessage> {
    for (let patience = MAX_PATIENCE; ; patience -= 1) {
      const answer = await this.sendOnce(method, path, options, accept).catch((error: unknown) =>
        this.fail(error),
      );
      const wait = Number(answer.headers['retry-after']) * 1_000;
      if (answer.statusCode !== 429 || patience === 0 || !(wait <= MAX_WAIT_MS)) return answer;
      answer.destroy();
      await delay(wait, undefined, { signal: this.signal });
    }
  }

  private sendOnce(
    method: string,
    path: string,
    { query = {}, json, text, headers = {} }: RequestOptions,
    accept: string,
  ): Promise<IncomingMessage> {
    const base = new URL(this.service.url);
    const body = text ?? (json === undefined ? undefined : JSON.stringify(json));
    const { request } = base.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      const outgoing = request({
        // One by one: Node 20.3 takes what urlToHttpOptions() makes for the URL itself, and forgets the path.
        protocol: base.protocol,
        hostname: base.hostname.replace(/^\[|\]$/g, ''),
        port: base.port,
        path: `${base.pathname.replace(/\/$/, '')}${path}${searchOf(query)}`,
        method,
        headers: {
          accept,
          authorization: `Bearer ${this.service.key}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        // A connection for each: none that is kept may have gone stale.
        agent: false,
        signal: this.signal,
        timeout: SILENCE_TIMEOUT_MS,
      });
      outgoing.on('response', resolve);
      outgoing.on('error', reject);
      outgoing.on('timeout', () =>
        outgoing.destroy(new Error(`nothing came for ${SILENCE_TIMEOUT_MS / 1_000} s`)),
      );
      outgoing.end(body);
    });
  }

  private async read(answer: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of answer) chunks.push(chunk as Buffer);
    } catch (error) {
      this.fail(error);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  private parsed(text: string, status: number): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw new CommandError(
        EXIT.failed,
        `${this.service.url}: answered ${status} with what is no JSON; is it the address of this API?`,
      );
    }
  }

  /** Turns what a connection failed with into words. */
  private fail(error: unknown): never {
    if (this.signal.aborted || error instanceof CommandError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    const isRefused = code === 'ECONNREFUSED';
    const why = isRefused ? 'nothing listens there; start the service by "npm start"' : message || code;
    throw new AwayError(`${this.service.url}: ${why}`, isRefused);
  }
}

function searchOf(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}
