import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Contract } from '../api/contract';
import { Canaries } from '../support/canaries';
import { sampleEvent } from '../support/events';
import { rulebookDocument } from '../support/rules-file';
import { ApiCaller, type Answered } from '../support/api-caller';
import { ServiceChild } from '../support/service-child';
import { requestsOf, type FuzzRequest } from './api/requests';
import { fuzz, type FuzzTarget } from './fuzz';
import { edited } from './mutations';

/** What one answer may take on a machine that is busy; a test message to a receiver has 5 s for itself. Milliseconds. */
const ANSWER_MS = 15_000;

/** For what came of bytes that are no HTTP. Milliseconds. */
const RAW_MS = 300;

const ROLES = ['admin', 'editor', 'sender', 'viewer', 'decoder'];

/** They answer for as long as an execution lasts, or without an end. */
const ENDLESS = ['followExecution', 'followExecutionChanges'];

/** Things of each kind, with secrets that must be in no answer. */
async function fill(admin: ApiCaller, canaries: Canaries): Promise<void> {
  const origin = 'http://127.0.0.1:9';
  const there: [string, string, object][] = [
    ['PUT', '/v1/members/ada', { name: 'Ada', email: 'ada@example.com' }],
    ['PUT', '/v1/rules', rulebookDocument({ id: 'watch', urls: [`${origin}/a`] })],
    ['PUT', '/v1/scorecards/sc-1', { domain: 'sc-1.example' }],
    ['PUT', '/v1/portfolios/vendors', { name: 'Vendors' }],
    ['PUT', '/v1/event-types/invoice.paid', { description: 'Paid', schema: { type: 'object' } }],
    ['PUT', '/v1/credentials/crm', { kind: 'bearer', origins: [origin], token: canaries.plant('token') }],
    [
      'PUT',
      '/v1/channels/ops',
      { kind: 'slack', url: `${origin}/${encodeURIComponent(canaries.plant('channel'))}` },
    ],
    ['PUT', '/v1/egress-proxy', { url: origin, username: 'ada', password: canaries.plant('proxy') }],
    ['DELETE', '/v1/egress-proxy', {}],
    ['PUT', `/v1/destinations/${encodeURIComponent(origin)}`, { auth: 'crm' }],
    ['POST', '/v1/events', sampleEvent()],
  ];
  for (const [method, path, body] of there) {
    const answer = await admin.call(method, path, method === 'DELETE' ? undefined : body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  }
}

async function keysOf(admin: ApiCaller): Promise<Map<string, string>> {
  const keys = new Map([['wrong', `rwk_aaaaaaaaaaaa_${'A'.repeat(43)}`]]);
  for (const role of ROLES) {
    const { body } = await admin.call<{ key: string }>('POST', '/v1/api-keys', { name: `A ${role}`, role });
    keys.set(role, body.key);
  }
  return keys;
}

/** Everything about a service that is being tried. */
interface Tried {
  service: ServiceChild;
  contract: Contract;
  canaries: Canaries;
  keys: ReadonlyMap<string, string>;
}

async function send(
  { service, keys }: Tried,
  request: FuzzRequest,
): Promise<Answered<unknown> & { text: string }> {
  const key = keys.get(request.role);
  const response = await fetch(service.url + request.target, {
    method: request.operation.method,
    headers: { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...request.headers },
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_MS),
    ...(request.body !== undefined && { body: request.body }),
  });
  const { status, headers } = response;
  if (ENDLESS.includes(request.operation.id) && status < 300) {
    await response.body?.cancel();
    return { status, headers, text: '', body: {} };
  }
  const text = await response.text();
  const isJson = /json$|json;/.test(headers.get('content-type') ?? '');
  return { status, headers, text, body: isJson && text !== '' ? (JSON.parse(text) as unknown) : text };
}

async function tryRequest(tried: Tried, request: FuzzRequest): Promise<void> {
  const { operation, target, role } = request;
  const answer = await send(tried, request);
  const where = `${operation.method} ${target} as ${role} answered ${answer.status}: ${answer.text.slice(0, 500)}`;
  if (answer.status === 500 || answer.status > 503) throw new Error(where);
  const shown = tried.canaries.in(answer.text);
  if (shown.length > 0) throw new Error(`${where}\nshows the secret of ${shown.join()}`);
  if (ENDLESS.includes(operation.id) && answer.status < 300) return;
  // `..` and the like: what was asked is another address.
  const [path = ''] = target.split('?');
  if (new URL(path, tried.service.url).pathname !== path) return;
  const isJson = request.headers['content-type'] === 'application/json' && answer.status < 300;
  const sent = isJson && request.body !== undefined ? (JSON.parse(request.body) as unknown) : undefined;
  tried.contract.check(operation.method, target, sent, answer);
  const { errors = [] } = answer.body as { errors?: { message: string }[] };
  if (answer.status === 422 && !errors.some(({ message }) => message !== ''))
    throw new Error(`${where}\nwithout a reason`);
  const may = operation.roles === undefined || operation.roles.includes(role);
  if (!may && answer.status < 400) throw new Error(`${where}\nwhich it may not`);
}

/** Sends bytes that are hardly a request. @returns what came back */
async function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    socket.setTimeout(RAW_MS, () => socket.destroy());
    socket
      .on('data', (chunk) => (text += chunk.toString('latin1')))
      .on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') reject(error);
      })
      .on('close', () => {
        resolve(text);
      });
  });
}

async function mustBeReady({ service }: Tried): Promise<void> {
  const { status } = await fetch(`${service.url}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
  if (!service.isRunning || status !== 200)
    throw new Error(`is not ready any more: ${service.output.slice(-2_000)}`);
}

const REQUESTS = [
  'POST /v1/events HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
  'GET /v1/rules?limit=1 HTTP/1.1\r\nhost: a\r\nauthorization: Bearer x\r\n\r\n',
  'PUT /v1/rules HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
];

/** A service that runs: what its document describes, asked in every way, by keys of every role. */
export async function openApi(): Promise<FuzzTarget> {
  const folder = mkdtempSync(join(tmpdir(), 'rule-webhooks-fuzz-'));
  const service = await ServiceChild.start(join(folder, 'data'), {
    ALLOWED_NETWORKS: '127.0.0.0/8',
    LOG_LEVEL: 'error',
  });
  const admin = new ApiCaller(service.url, service.key);
  const canaries = new Canaries();
  await fill(admin, canaries);
  const tried = { service, canaries, contract: await Contract.of(service.url), keys: await keysOf(admin) };
  const requests = requestsOf(tried.contract.document, tried.contract.operations(), ROLES);
  return {
    fuzzes: [
      fuzz(
        'routes',
        fc.array(requests, { minLength: 1, maxLength: 20, size: 'max' }),
        async (all) => {
          for (const request of all) await tryRequest(tried, request);
          await mustBeReady(tried);
        },
        (all) => all.length,
      ),
      fuzz('bytes', edited(...REQUESTS), async (bytes) => {
        const answer = await sendRaw(Number(new URL(service.url).port), bytes);
        if (answer.startsWith('HTTP/1.1 5')) throw new Error(`answered ${answer}`);
        await mustBeReady(tried);
      }),
    ],
    close: async () => {
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
