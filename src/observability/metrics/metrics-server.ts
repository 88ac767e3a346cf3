import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MetricsSetupError } from './setup-error';

export interface MetricsServer {
  /** `http://host:port/metrics`. */
  url: string;
  close(): Promise<void>;
}

/**
 * Answers `GET /metrics`, and nothing else.
 *
 * @param scrape what is answered then @throws MetricsSetupError when the port is taken
 */
export async function serveMetrics(
  { host, port }: { host: string; port: number },
  { contentType, scrape }: { contentType: string; scrape: () => Promise<string> },
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const refusal = refusalOf(request);
    if (refusal !== undefined) {
      plain(response, ...refusal);
      return;
    }
    scrape().then(
      (text) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => {
        plain(response, 500, 'The metrics could not be put together.');
      },
    );
  });
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    throw new MetricsSetupError(
      `metrics cannot be served on METRICS_HOST ${host}, METRICS_PORT ${port}: ${(error as Error).message}`,
      { cause: error },
    );
  }
  const { port: actualPort } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}/metrics`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function refusalOf({ method, url = '' }: IncomingMessage): [number, string, object?] | undefined {
  const [path] = url.split('?', 1);
  if (path !== '/metrics') return [404, 'There is /metrics alone.'];
  if (method !== 'GET') return [405, 'There is GET alone.', { allow: 'GET' }];
  return undefined;
}

function plain(response: ServerResponse, status: number, text: string, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${text}\n`);
}
