/** Answers every call at once, and tells the bench of each success at `…/last`: what of, and when its first byte was here. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clockMs } from '../support/clock';
import { runHost, tell } from '../support/in-child';
import type { Arrival } from '../support/arrivals';

/** The bodies of the floor and of the product have the event's data at the same place. */
interface CallBody {
  trigger: { data: { id: string } };
}

runHost(async () => {
  /** Until somebody asks, calls to `/parked/…` fail. */
  let isOpen = false;
  const server = createServer((request, response) => {
    const at = clockMs();
    const path = request.url ?? '';
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const isOk = isOpen || !path.startsWith('/parked');
      response.writeHead(isOk ? 200 : 503, { 'content-type': 'application/json' }).end('{"ok":true}');
      if (!isOk || !path.endsWith('/last')) return;
      const { id } = (JSON.parse(text) as CallBody).trigger.data;
      tell({ id, at } satisfies Arrival);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ready: { url: `http://127.0.0.1:${port}` },
    answer: async () => {
      isOpen = true;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
});
