import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The receiver of the demo's chain: what each of its paths answers. The last one echoes the request. */
const answers: Record<string, (body: string) => string> = {
  '/enrich': () => '{"owner_team":"platform","asset_id":9223372036854775807}',
  '/open-ticket': () => '{"ticket":"SEC-1042","url":"https://tickets.example.com/SEC-1042"}',
  '/echo': (body) => body,
};

export interface DemoReceiver {
  url: string;
  /** The body of the last request to `/echo`. */
  echoed(): string | undefined;
}

/** Starts the receiver on a free loopback port. It ends with the process. */
export async function startDemoReceiver(): Promise<DemoReceiver> {
  let echoed: string | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const answer = answers[request.url ?? ''];
      if (request.url === '/echo') echoed = body;
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(answer?.(body));
    });
  });
  return { url: await listening(server), echoed: () => echoed };
}

/** A URL on which nothing listens. */
export async function deadUrl(): Promise<string> {
  const server = createServer();
  const url = await listening(server);
  server.close();
  await once(server, 'close');
  return url;
}

async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
