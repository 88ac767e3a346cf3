import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { temporaryFolder } from '../support/temporary-folder';
import { ApiLab } from './lab';

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const PAGE = '<!doctype html><title>Rule Webhooks</title><script src="./assets/index-B1x2.js"></script>';
const SCRIPT = `console.log('${'a script '.repeat(100)}');`;

function built(): string {
  const dashboardFolder = temporaryFolder();
  mkdirSync(join(dashboardFolder, 'assets'));
  writeFileSync(join(dashboardFolder, 'index.html'), PAGE);
  writeFileSync(join(dashboardFolder, 'icon.svg'), '<svg/>');
  writeFileSync(join(dashboardFolder, 'assets/index-B1x2.js'), SCRIPT);
  return dashboardFolder;
}

let lab: ApiLab;
beforeAll(async () => {
  lab = await ApiLab.open(undefined, { dashboardFolder: built() });
});
afterAll(() => lab.close());

function get(path: string, headers: Record<string, string> = HTML): Promise<Response> {
  return fetch(lab.api.url + path, { headers });
}

it.each(['/', '/executions', '/executions/abc?tab=1', '/scorecards/portfolios/a', '/rules/', '/sign-in'])(
  '%s is the page, for whoever wants HTML',
  async (path) => {
    const response = await get(path);
    const text = await response.text();
    const [, script = ''] = /src="([^"]+)"/.exec(text) ?? [];
    expect([response.status, text.replace(script, './assets/index-B1x2.js')]).toEqual([200, PAGE]);
    expect(new URL(script, response.url).pathname).toBe('/assets/index-B1x2.js');
    expect(response.headers.get('cache-control')).toBe('no-cache');
  },
);

it('pages run no script but ours, are framed by nobody, and tell nobody where they are', async () => {
  const { headers } = await get('/executions');
  const policy = headers.get('content-security-policy');
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /);
  expect(policy).toMatch(/base-uri 'none'; frame-ancestors 'none'$/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
});

it('assets are kept by browsers for ever, as their names tell their content', async () => {
  const response = await get('/assets/index-B1x2.js', {});
  expect(await response.text()).toBe(SCRIPT);
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
});

it('assets are compressed for those that take it', async () => {
  const { encoding, body } = await raw('/assets/index-B1x2.js', 'gzip, br');
  expect(encoding).toBe('br');
  expect(brotliDecompressSync(body).toString()).toBe(SCRIPT);
  expect((await raw('/assets/index-B1x2.js', 'br;q=0, gzip')).encoding).toBe('gzip');
  expect((await raw('/assets/index-B1x2.js', 'identity')).encoding).toBeUndefined();
});

it('/retry/abc stays what it is', async () => {
  expect(await (await get('/retry/abc')).text()).not.toBe(PAGE);
});

it.each(['/v1/executions', '/v1/nothing', '/assets/gone.js', '/temporal/codec/x'])(
  '%s stays what it is',
  async (path) => {
    const response = await get(path);
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  },
);

it.each([
  ['/docs', 'text/html'],
  ['/openapi.json', 'application/json'],
  ['/healthz', 'application/json'],
])('%s stays what it is', async (path, type) => {
  const response = await get(path);
  expect([response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([200, type]);
  expect(await response.text()).not.toBe(PAGE);
});

it('programs that ask for no page are told that nothing is there', async () => {
  expect((await get('/executions', { accept: 'application/json' })).status).toBe(401);
});

it('no file beside the dashboard’s is served', async () => {
  for (const path of ['/../package.json', '/assets/..%2f..%2fpackage.json', '/%2e%2e/package.json']) {
    expect((await raw(path, 'identity')).body.toString()).not.toContain('"dependencies"');
  }
});

it('says so when it is not built', async () => {
  const bare = await ApiLab.open();
  const response = await fetch(bare.api.url, { headers: HTML });
  expect(response.status).toBe(503);
  expect(await response.text()).toMatch(/The dashboard is not built.*npm run build/s);
  await bare.close();
});

/** As it comes: `fetch` tidies the path and unpacks. */
function raw(path: string, acceptEncoding: string): Promise<{ encoding: string | undefined; body: Buffer }> {
  const { hostname, port } = new URL(lab.api.url);
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': acceptEncoding };
    request({ hostname, port, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        resolve({ encoding: answer.headers['content-encoding'], body: Buffer.concat(chunks) });
      });
    })
      .on('error', reject)
      .end();
  });
}
