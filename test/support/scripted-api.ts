import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ApiRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: Record<string, string>;
  headers: Record<string, string | string[] | undefined>;
  /** The body as it came. */
  text: string;
}

/** Answers a request; what it returns is sent as JSON with 200, unless it answers by itself. */
export type Script = (request: ApiRequest, response: ServerResponse) => unknown;

export const SCRIPTED_KEY = 'rwk_abcdefghijkl_secret';

/** A real HTTP server that answers as a test has it, and records what it was asked. */
export class ScriptedApi {
  readonly requests: ApiRequest[] = [];
  private readonly scripts = new Map<string, Script>();

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly url: string,
  ) {}

  static async start(): Promise<ScriptedApi> {
    const server = createServer((message, response) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.on('end', () => {
        const url = new URL(message.url ?? '', api.url);
        const request = {
          method: message.method ?? '',
          path: url.pathname,
          query: Object.fromEntries(url.searchParams),
          headers: message.headers,
          text: Buffer.concat(chunks).toString(),
        };
        api.requests.push(request);
        api.answer(request, response);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const api: ScriptedApi = new ScriptedApi(server, `http://127.0.0.1:${port}`);
    return api;
  }

  /** The environment by which the command line finds it. */
  get environment(): Record<string, string> {
    return { RULE_WEBHOOKS_URL: this.url, RULE_WEBHOOKS_API_KEY: SCRIPTED_KEY };
  }

  /** @param route e.g. `GET /v1/rules`; what is not scripted is answered with 404 */
  on(route: string, script: unknown): this {
    this.scripts.set(route, typeof script === 'function' ? (script as Script) : () => script);
    return this;
  }

  /** The bodies that came to a route, parsed. */
  bodies(route: string): unknown[] {
    return this.to(route).map(({ text }) => JSON.parse(text) as unknown);
  }

  to(route: string): ApiRequest[] {
    return this.requests.filter(({ method, path }) => `${method} ${path}` === route);
  }

  reset(): void {
    this.requests.length = 0;
    this.scripts.clear();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private answer(request: ApiRequest, response: ServerResponse): void {
    const script =
      this.scripts.get(`${request.method} ${request.path}`) ?? problem(404, 'There is no such thing.');
    const body = script(request, response);
    if (!response.headersSent && !response.writableEnded) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }
  }
}

export function answer(status: number, body?: unknown, headers: Record<string, string> = {}): Script {
  return (_request, response) => {
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(body === undefined ? '' : JSON.stringify(body));
  };
}

/** An error as the API answers it. */
export function problem(
  status: number,
  detail: string,
  errors: { path: string; message: string }[] = [],
  headers: Record<string, string> = {},
): Script {
  const body = {
    type: 'urn:rule-webhooks:problem:x',
    title: 'Error',
    status,
    detail,
    request_id: 'req-1',
    errors,
  };
  return answer(status, body, { 'content-type': 'application/problem+json', ...headers });
}

/** A page with all that there is. */
export function page(...items: unknown[]): { items: unknown[]; next_cursor: null } {
  return { items, next_cursor: null };
}

/** A stream of server-sent events. @param end whether it ends after them, or stays open */
export function stream(events: object[], end = true): Script {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': following\n\n');
    for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
    if (end) response.end();
  };
}
