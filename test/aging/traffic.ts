import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ApiCaller } from '../support/api-caller';

/** What comes of an event, and how often of a hundred. */
const ENDINGS = {
  delivered: 50,
  chain: 12,
  retried: 12,
  escalated: 8,
  refused: 4,
  truncated: 4,
  skipped: 4,
  unmatched: 3,
  timeout: 1,
  cancelled: 2,
};

type Ending = keyof typeof ENDINGS;

const CYCLE = Object.entries(ENDINGS).flatMap(([ending, share]) =>
  new Array<Ending>(share).fill(ending as Ending),
);

/** The steps of each rule, as paths of the receiver. */
const STEPS: Partial<Record<Ending, string[]>> = {
  delivered: ['ok'],
  chain: ['ok', 'ok', 'ok'],
  retried: ['flaky'],
  escalated: ['down'],
  truncated: ['large'],
  skipped: ['ok', 'ok'],
  timeout: ['silent'],
  cancelled: ['down'],
};

/** A receiver that answers by the path, and remembers nothing but what it has to fail once. */
export class AgingReceiver {
  calls = 0;
  private readonly failed = new Set<string>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<AgingReceiver> {
    const server = createServer();
    const receiver = new AgingReceiver(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      request.resume().on('end', () => {
        receiver.answer(request, response);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    this.calls += 1;
    const call = String(headers['webhook-id']);
    if (url === '/silent') return;
    if (url === '/down' || (url === '/flaky' && !this.failed.delete(call))) {
      if (url === '/flaky') this.failed.add(call);
      response.writeHead(503).end('down');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(url === '/large' ? `"${'x'.repeat(150_000)}"` : '{"ok":true}');
  }
}

/** A rule for each ending, with the schedule of 36 hours shortened to seconds. */
export function agingRules(port: number): object {
  const rules = Object.entries(STEPS).map(([ending, paths]) => ({
    id: ending,
    name: ending,
    owner: { name: 'Ada', email: 'ada@example.com' },
    event: { type: `aging.${ending}` },
    steps: paths.map((path, index) => ({
      id: `step-${index}`,
      action: 'call_webhook',
      url: `http://127.0.0.1:${port}/${path}`,
      ...(ending === 'skipped' && index === 1 && { if: { 'event.data.n': { $lt: 0 } } }),
    })),
    retry_schedule: ending === 'timeout' ? [] : ending === 'cancelled' ? ['1h'] : ['1s', '2s'],
  }));
  return { rules };
}

/** Posts the nth event, and does what its ending needs. Every tenth is sent a second time. @throws Error at an answer that is none of its own */
export async function postEvent(api: ApiCaller, n: number): Promise<void> {
  const ending = CYCLE[(n * 37) % CYCLE.length] ?? 'delivered';
  if (ending === 'refused') {
    await expectStatus(422, api.event({ id: `event-${n}`, type: 'aging.refused', data: 'none' }));
    return;
  }
  const event = { id: `event-${n}`, type: `aging.${ending}`, data: { n, text: 'x'.repeat(500) } };
  const { body } = await expectStatus(202, api.event(event));
  if (n % 10 === 0) await expectStatus(202, api.event(event));
  if (ending !== 'cancelled') return;
  const [execution] = body.executions;
  if (execution === undefined) throw new Error('nothing to be cancelled was started');
  await api.call('POST', `/v1/executions/${execution.execution_id}/cancel`, { reason: 'aging' });
}

/** What people do beside: the lists of the dashboard, its live changes for a moment, an execution that is followed. */
export async function lookAround(api: ApiCaller): Promise<void> {
  const { body } = await api.get<{ items: { execution_id: string }[] }>('/v1/executions?limit=50');
  await api.get('/v1/events?limit=50');
  await api.get('/v1/destinations');
  const id = body.items[0]?.execution_id ?? '';
  await api.get(`/v1/executions/${id}`);
  for (const path of ['/v1/executions/changes', `/v1/executions/${id}/follow`]) {
    const over = new AbortController();
    const response = await fetch(api.url + path, {
      headers: { authorization: `Bearer ${api.key}` },
      signal: over.signal,
    });
    await response.body?.getReader().read();
    // As a browser whose tab is closed.
    over.abort();
  }
}

async function expectStatus<Answer extends { status: number; body: unknown }>(
  status: number,
  answer: Promise<Answer>,
): Promise<Answer> {
  const given = await answer;
  if (given.status !== status)
    throw new Error(`${given.status}, not ${status}: ${JSON.stringify(given.body)}`);
  return given;
}
