import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { CliRun } from '../support/cli';

async function listen(...args: string[]): Promise<{ run: CliRun; port: string; url: string }> {
  const run = CliRun.start(['listen', '--port', '0', ...args]);
  const [, port = ''] = await run.printed(/Listening on (?:http:\/\/127\.0\.0\.1:|port )(\d+)/);
  return { run, port, url: `http://127.0.0.1:${port}` };
}

async function post(url: string, body: string | Uint8Array, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: response.status, text: await response.text() };
}

it('answers 200 {"ok":true}, and shows when, what, from whom and with which body it was called', async () => {
  const { run, url } = await listen();
  const body = '{"execution_id":"e-1","asset":9223372036854775807,"retries":2}';
  expect(await post(`${url}/hook?x=1`, body, { 'user-agent': 'rule-webhooks/1' })).toEqual({
    status: 200,
    text: '{"ok":true}',
  });
  await run.printed(/\n}\n|\n {2}}\n/);
  expect(run.stdout).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}POST \/hook\?x=1 {2}retry 2 {2}→ 200\n/);
  expect(run.stdout).toContain('\n  content-type: application/json\n');
  expect(run.stdout).toContain('\n  user-agent: rule-webhooks/1\n');
  expect(run.stdout).not.toMatch(/\n {2}(host|connection|content-length):/);
  expect(run.stdout).toContain(
    '\n  {\n    "execution_id": "e-1",\n    "asset": 9223372036854775807,\n    "retries": 2\n  }\n',
  );
});

it('does not speak of a retry at a first call', async () => {
  const { run, url } = await listen();
  await post(url, '{"execution_id":"e-1"}');
  expect((await run.printed(/POST.*\n/))[0]).toBe('POST /  → 200\n');
});

it('with --json prints a line for each request, with the body as it came', async () => {
  const { run, url } = await listen('--json');
  await post(`${url}/a`, '{"asset":9223372036854775807,"retries":1}');
  await post(`${url}/b`, new Uint8Array([0xff, 0x00]));
  await run.printed(/"\/b".*\n/);
  const lines = run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(lines).toEqual([
    expect.objectContaining({
      method: 'POST',
      path: '/a',
      body: '{"asset":9223372036854775807,"retries":1}',
      encoding: 'utf8',
      retries: 1,
      answered: 200,
    }),
    expect.objectContaining({ path: '/b', body: '/wA=', encoding: 'base64', truncated: false }),
  ]);
});

it('with --status answers with that', async () => {
  const { url } = await listen('--status', '418');
  expect(await post(url, '{}')).toEqual({ status: 418, text: '{"ok":false}' });
});

it('with --fail answers so many requests with 503 first', async () => {
  const { url } = await listen('--fail', '2');
  const statuses = [await post(url, '{}'), await post(url, '{}'), await post(url, '{}')].map(
    ({ status }) => status,
  );
  expect(statuses).toEqual([503, 503, 200]);
});

it('with --delay takes its time', async () => {
  const { url } = await listen('--delay', '200');
  const began = performance.now();
  await post(url, '{}');
  expect(performance.now() - began).toBeGreaterThanOrEqual(199);
});

it('obeys nothing that a sender wrote', async () => {
  const { run, url } = await listen();
  await post(`${url}/%1b`, 'hello \u001b[2J\u009b31m\u202eworld', { 'content-type': 'text/plain' });
  await run.printed(/hello.*\n/);
  expect(run.stdout).toContain('\n  hello world\n');
});

it('shows only the beginning of a secret', async () => {
  const { run, url } = await listen();
  await post(url, '{}', { authorization: 'Bearer hunter2hunter2hunter2' });
  expect((await run.printed(/authorization.*\n/))[0]).toBe('authorization: Bearer hunte… (28 characters)\n');
});

it('keeps only the beginning of what is endless', async () => {
  const { run, url } = await listen();
  await post(url, 'x'.repeat(1_048_576 + 7), { 'content-type': 'text/plain' });
  await run.printed(/… and 7 bytes more\n/);
  expect(run.child.exitCode).toBeNull();
});

it('outlives a sender that goes away', async () => {
  const { url } = await listen();
  const abort = new AbortController();
  const body = new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode('{'));
    },
  });
  const sending = fetch(url, { method: 'POST', body, duplex: 'half', signal: abort.signal });
  abort.abort();
  await sending.catch(() => undefined);
  expect((await post(url, '{}')).status).toBe(200);
});

const [elsewhere] = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, family }) => !internal && family === 'IPv4');

(elsewhere === undefined ? describe.skip : describe)('over the network', () => {
  it('is reached from this machine only', async () => {
    const { port } = await listen();
    await expect(fetch(`http://${elsewhere?.address ?? ''}:${port}`)).rejects.toThrow('fetch failed');
  });

  it('with --public is reached from others too', async () => {
    const { port } = await listen('--public');
    expect((await fetch(`http://${elsewhere?.address ?? ''}:${port}`)).status).toBe(200);
  });
});

it('ends at Ctrl-C with 130', async () => {
  const { run } = await listen();
  run.child.kill('SIGINT');
  expect((await run.ended()).code).toBe(130);
});

it('says that its port is taken: exit code 2', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await CliRun.start(['listen', '--port', String(port)]).ended();
  other.close();
  expect(stderr).toMatch(/^--port: \d+ cannot be had: listen EADDRINUSE/);
  expect(code).toBe(2);
});

it.each([
  ['--port', '70000'],
  ['--status', '99'],
  ['--fail', '-1'],
  ['--delay', 'long'],
])('refuses %s %s with 2', async (option, value) => {
  expect((await CliRun.start(['listen', option, value]).ended()).code).toBe(2);
});
