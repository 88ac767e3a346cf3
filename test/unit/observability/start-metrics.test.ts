import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { WorkflowClient } from '@temporalio/client';
import { startMetrics } from '../../../src/observability/metrics/start-metrics';

type Started = Awaited<ReturnType<typeof startMetrics>>;

/** Nobody listens there. */
const NOWHERE = '127.0.0.1:1';

const started: Started[] = [];
afterEach(async () => {
  for (const { server } of started.splice(0)) await server.close();
});

async function start(settings: Partial<Parameters<typeof startMetrics>[0]> = {}): Promise<Started> {
  const metrics = await startMetrics({ host: '127.0.0.1', port: 0, sdkAddress: NOWHERE, ...settings });
  started.push(metrics);
  return metrics;
}

async function scrape({ server }: Started): Promise<string> {
  const response = await fetch(server.url);
  expect(response.status).toBe(200);
  return response.text();
}

const away = async (): Promise<never> => {
  throw new Error('away');
};

describe('a scrape while all else is away', () => {
  let text: string;
  beforeEach(async () => {
    const metrics = await start();
    metrics.showInstallation({
      client: { withDeadline: away, workflow: {} as unknown as WorkflowClient },
      store: { events: { countPending: away }, destinations: { countByStanding: away } },
    });
    text = await scrape(metrics);
  });

  it('leaves out what cannot be read', () => {
    expect(text).not.toMatch(/^rule_webhooks_(executions|destinations|events_pending)[{ ]/m);
  });

  it.each([
    ['temporal', 1],
    ['store', 2],
    ['sdk', 1],
  ])('counts what cannot be read from %s', (source, errors) => {
    expect(text).toContain(`rule_webhooks_scrape_errors_total{source="${source}"} ${errors}`);
  });
});

it('a scrape has the text of the SDK beside ours', async () => {
  const sdk = createServer((_request, response) => response.end('temporal_request_total 3\n')).listen(0);
  await once(sdk, 'listening');
  const { port } = sdk.address() as AddressInfo;
  const text = await scrape(await start({ sdkAddress: `127.0.0.1:${port}` }));
  sdk.close();
  expect(text).toMatch(/^temporal_request_total 3$/m);
  expect(text).toMatch(/^rule_webhooks_executions_started_total 0$/m);
});

it('a scrape has the type that Prometheus expects', async () => {
  const { server } = await start();
  const { headers } = await fetch(server.url);
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
});

it('another path is not found', async () => {
  const { server } = await start();
  expect((await fetch(new URL('/', server.url))).status).toBe(404);
});

it('another method is refused', async () => {
  const { server } = await start();
  const { status, headers } = await fetch(server.url, { method: 'POST' });
  expect([status, headers.get('allow')]).toEqual([405, 'GET']);
});

it('a port that is taken is told by its setting', async () => {
  const { server } = await start();
  const port = Number(new URL(server.url).port);
  await expect(start({ port })).rejects.toThrow(/METRICS_PORT \d+: listen EADDRINUSE/);
});

it('only executions that were started are counted, and nothing else that is', async () => {
  const metrics = await start();
  const [interceptor] = metrics.clientInterceptors;
  const begin = (workflowType: string, answer: () => Promise<{ runId: string; eagerlyStarted: boolean }>) =>
    interceptor?.startWithDetails?.({ workflowType } as never, answer);
  await begin('executeRule', async () => ({ runId: 'a', eagerlyStarted: false }));
  await begin('sendNotice', async () => ({ runId: 'b', eagerlyStarted: false }));
  await begin('executeRule', away)?.catch(() => undefined);
  expect(await scrape(metrics)).toContain('rule_webhooks_executions_started_total 1');
});
