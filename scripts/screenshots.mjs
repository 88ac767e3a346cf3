// Makes the screenshots of README.md anew, in docs/: runs the built service on a temporary folder with a receiver of its own,
// gives it rules and events, and looks at it in Chromium. Run it by `npm run screenshots`.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const docs = join(root, 'docs');
const folder = mkdtempSync(join(tmpdir(), 'rule-webhooks-screenshots-'));

const DOMAINS = [
  'example.com',
  'acme-supplies.example',
  'northwind.example',
  'contoso.example',
  'initech.example',
];
const DESK = { width: 1440, height: 900 };
const TELEPHONE = { width: 390, height: 844 };

/** Answers by path: `/down…` is away, `/gone…` is not there. */
async function startReceiver() {
  const server = createServer((request, response) => {
    request.resume().on('end', async () => {
      await delay(5 + Math.random() * 60);
      const status = request.url.startsWith('/down') ? 503 : request.url.startsWith('/gone') ? 404 : 200;
      const body =
        status === 200
          ? { ticket: { id: 4812, status: 'open' }, assigned: ['ada'] }
          : { error: 'no upstream' };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function startService() {
  const child = spawn(process.execPath, [join(root, 'dist/main.js')], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATA_DIR: folder,
      API_PORT: '0',
      API_RATE_LIMIT: '0',
      TEMPORAL_DEV_PORT: '0',
      TEMPORAL_DEV_UI_PORT: '0',
      ALLOWED_NETWORKS: '127.0.0.0/8',
      BREAKER_FAILURES: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  for (;;) {
    const ready = /API: (\S+)[^]*Ready/.exec(output);
    if (ready) return { child, url: ready[1], key: readFileSync(join(folder, 'admin-key'), 'utf8').trim() };
    if (child.exitCode !== null) throw new Error(`the service did not start:\n${output}`);
    await delay(50);
  }
}

function rulesFor(base) {
  const step = (id, path) => ({ id, action: 'call_webhook', url: base + path });
  const rule = (id, name, steps, more = {}) => ({
    id,
    name,
    owner: { name: 'Ada Lovelace', email: 'ada@example.com' },
    filters: { changes: { value: 'score_drop_threshold', threshold: 80 }, scorecards: { value: 'followed' } },
    steps,
    ...more,
  });
  const seconds = ['1s', '1s', '1s', '1s', '1s'];
  return {
    rules: [
      rule('open-ticket', 'Open a ticket when a score drops', [
        step('enrich', '/enrich'),
        step('ticket', '/tickets'),
        step('notify', '/notify'),
      ]),
      rule('page-oncall', 'Page the on-call engineer', [
        step('enrich', '/enrich'),
        step('page', '/down/page'),
      ]),
      rule('legacy-sync', 'Sync to the legacy tool', [step('sync', '/gone/sync')], {
        retry_schedule: seconds,
      }),
    ],
    scorecards: { followed: DOMAINS },
  };
}

async function seed({ url, key }, receiver) {
  const call = async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  await call('PUT', '/v1/rules', rulesFor(receiver.url));
  const sample = JSON.parse(readFileSync(join(root, 'examples/scorecard_changed.json'), 'utf8'));
  for (let n = 0; n < 15; n += 1) {
    await call('POST', '/v1/events', {
      ...sample,
      id: `evt_2026_${1000 + n}`,
      domain: DOMAINS[n % DOMAINS.length],
    });
  }
  const count = async (query) => (await call('GET', `/v1/executions/count?${query}`)).count;
  while ((await count('status=escalated')) < 15 || (await count('status=delivered')) < 15) await delay(500);
  // Workers write their counts every 15 s.
  while ((await call('GET', '/v1/calls')).buckets.every(({ delivered }) => delivered === 0)) await delay(500);
  const waiting = await call('GET', '/v1/executions?status=waiting_for_retry');
  const [first, second, third] = waiting.items.map(({ execution_id: id }) => id);
  await call('POST', `/v1/executions/${second}/cancel`, { reason: 'the receiver is being replaced' });
  await call('POST', `/v1/executions/${third}/pause`);
  return first;
}

async function take(browser, { url, key }, [name, path, viewport, colorScheme]) {
  const context = await browser.newContext({ baseURL: url, viewport, colorScheme });
  const page = await context.newPage();
  await page.goto('/');
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Executions' }).waitFor();
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
  // Charts and lists that follow.
  await delay(1_500);
  await page.screenshot({ path: join(docs, `${name}.png`) });
  await context.close();
}

const receiver = await startReceiver();
const service = await startService();
const executablePath = execFileSync(process.execPath, [join(root, 'scripts/chromium.mjs')], {
  encoding: 'utf8',
}).trim();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  mkdirSync(docs, { recursive: true });
  const execution = await seed(service, receiver);
  for (const shot of [
    ['executions', '/executions', DESK, 'light'],
    ['execution', `/executions/${execution}`, DESK, 'light'],
    ['rule-builder', '/rules/open-ticket/edit', DESK, 'dark'],
    ['telephone', `/executions/${execution}`, TELEPHONE, 'light'],
  ]) {
    await take(browser, service, shot);
  }
} finally {
  await browser.close();
  service.child.kill('SIGTERM');
  await once(service.child, 'exit');
  receiver.close();
  rmSync(folder, { recursive: true, force: true });
}
