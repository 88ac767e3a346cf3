import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Authority } from '../support/authority';
import { Canaries } from '../support/canaries';
import { ConnectProxy } from '../support/connect-proxy';
import { until } from '../support/executions';
import { OtlpCollector } from '../support/otlp-collector';
import { answerJson, Receiver, type Answer } from '../support/receiver';
import { ApiCaller } from '../support/api-caller';
import { ServiceProcess } from '../support/service';
import { sharedKey } from '../support/signing-keys';
import { serverExecutable } from '../support/server-executable';
import { temporaryFolder } from '../support/temporary-folder';
import { TokenEndpoint } from '../support/token-endpoint';

/** Puts what it was sent into its answer, as debugging endpoints do. */
const echo: Answer = (request, response) => {
  response.writeHead(200, {
    'content-type': 'application/json',
    'x-echo': request.headers.authorization ?? '',
  });
  response.end(JSON.stringify({ headers: request.headers, body: request.text }));
};

/** Refuses, and says what it was given. */
const refuse: Answer = (request, response) => {
  answerJson(403, { error: `no access for ${request.headers.authorization ?? ''}` })(request, response);
};

/** Refuses, and tells by which address it was called, in each way of writing that. */
const gossip: Answer = (request, response) => {
  answerJson(403, { path: request.path, read: decodeURIComponent(request.path) })(request, response);
};

const canaries = new Canaries();
const closing: (() => Promise<unknown>)[] = [];
let folder: string;
let service: ServiceProcess;
let collector: OtlpCollector;
let receivers: Record<'echoing' | 'refusing' | 'gossiping' | 'mutual', Receiver>;
/** All that the API answered, but for what shows a secret by design. */
const answers: string[] = [];

beforeAll(async () => {
  folder = temporaryFolder();
  const authority = await Authority.create();
  const server = await authority.server();
  receivers = {
    echoing: await Receiver.start(echo),
    refusing: await Receiver.start(refuse),
    gossiping: await Receiver.start(gossip),
    mutual: await Receiver.start(echo, {
      ...server,
      ca: authority.cert,
      requestCert: true,
      rejectUnauthorized: true,
    }),
  };
  const tokens = await TokenEndpoint.start();
  tokens.answers(tokens.giving({ access_token: canaries.plant('access token'), expires_in: 3_600 }));
  const refusingTokens = await TokenEndpoint.start();
  refusingTokens.answers((request, response) => {
    const form = new URLSearchParams(request.text);
    answerJson(400, {
      error: 'invalid_client',
      error_description: `no such secret: ${form.get('client_secret') ?? ''}, ${request.headers.authorization ?? ''}`,
    })(request, response);
  });
  collector = await OtlpCollector.start();
  closing.push(() => collector.close());
  closing.push(...Object.values(receivers).map((receiver) => () => receiver.close()));
  closing.push(
    () => tokens.close(),
    () => refusingTokens.close(),
  );

  const encryptionKey = randomBytes(32);
  canaries.watch('encryption key', encryptionKey);
  service = await ServiceProcess.start(folder, {
    LOG_LEVEL: 'debug',
    ENCRYPTION_KEY: encryptionKey.toString('base64'),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: `x-key=${encodeURIComponent(canaries.plant('key of the collector'))}`,
  });
  canaries.watch('API key', service.key);

  const client = await authority.client('us');
  const jwtKey = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  const jwtPem = jwtKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  canaries.watch('client key', middleOf(client.key));
  canaries.watch('JWT key', middleOf(jwtPem));
  const { echoing, refusing, mutual } = receivers;
  const oauth2 = { kind: 'oauth2', origins: [echoing.url], token_url: tokens.url, client_id: 'us' };
  await put('/v1/credentials/basic', {
    kind: 'basic',
    origins: [echoing.url, refusing.url],
    username: 'us',
    password: canaries.plant('password'),
  });
  await put('/v1/credentials/bearer', {
    kind: 'bearer',
    origins: [echoing.url, refusing.url],
    token: canaries.plant('token'),
  });
  await put('/v1/credentials/api-key', {
    kind: 'api_key',
    origins: [echoing.url],
    header: 'x-api-key',
    value: canaries.plant('API key of the receiver'),
  });
  await put('/v1/credentials/secret', {
    ...oauth2,
    authentication: 'client_secret_basic',
    client_secret: canaries.plant('client secret'),
  });
  await put('/v1/credentials/refused', {
    ...oauth2,
    token_url: refusingTokens.url,
    authentication: 'client_secret_post',
    client_secret: canaries.plant('refused client secret'),
  });
  await put('/v1/credentials/jwt', {
    ...oauth2,
    authentication: 'private_key_jwt',
    algorithm: 'RS256',
    private_key: jwtPem,
  });
  await put('/v1/credentials/mutual', {
    kind: 'tls',
    origins: [mutual.url],
    certificate: client.cert,
    private_key: client.key,
    ca: authority.cert,
  });
  await setUpSigning(echoing.url);
  await setUpChannels();

  const steps = {
    basic: { url: `${echoing.url}/basic`, auth: 'basic' },
    bearer: { url: `${echoing.url}/bearer`, auth: 'bearer' },
    'api-key': { url: `${echoing.url}/api-key`, auth: 'api-key' },
    secret: { url: `${echoing.url}/secret`, auth: 'secret' },
    jwt: { url: `${echoing.url}/jwt`, auth: 'jwt' },
    mutual: { url: `${mutual.url}/mutual`, tls: 'mutual' },
    'refused-basic': { url: `${refusing.url}/basic`, auth: 'basic' },
    'refused-bearer': { url: `${refusing.url}/bearer`, auth: 'bearer' },
    'refused-token': { url: `${echoing.url}/refused`, auth: 'refused' },
  };
  const rules = Object.entries(steps).map(([id, step]) => ruleOf(id, step));
  await put('/v1/rules', { rules });
  await run(service, rules.length);
  // One test message for each channel, and one notice at least.
  await receivers.gossiping.received(6);
  await goByProxy();
  await askForEverything();
}, 120_000);

afterAll(async () => {
  await service.kill('SIGTERM');
  await Promise.all(closing.map((close) => close()));
});

/** A signing secret of a person's own, and one that is made; both are in force. */
async function setUpSigning(origin: string): Promise<void> {
  const path = `/v1/destinations/${encodeURIComponent(origin)}/signing-keys`;
  const own = sharedKey();
  canaries.watch('own signing secret', own.secret);
  canaries.watch('own signing secret', Buffer.from(own.secret.slice('whsec_'.length), 'base64'));
  const accepted = await service.call('POST', path, { secret: own.secret });
  answers.push(JSON.stringify(accepted.body));
  const made = await service.call<{ secret: string }>('POST', path, {});
  canaries.watch('made signing secret', made.body.secret);
  canaries.watch('made signing secret', Buffer.from(made.body.secret.slice('whsec_'.length), 'base64'));
}

/** A channel of each kind. Rules tell of what is escalated there, and there it is not taken. */
async function setUpChannels(): Promise<void> {
  for (const kind of ['slack', 'teams', 'webhook']) {
    const path = `/v1/channels/${kind}`;
    const secret = encodeURIComponent(canaries.plant(`URL of ${kind}`));
    const url = `${receivers.gossiping.url}/hook/${secret}`;
    const put = await service.call<{ signing_secret: string | null }>('PUT', path, { kind, url });
    const { signing_secret: signing, ...shown } = put.body;
    if (signing !== null) canaries.watch('signing secret of a channel', signing);
    answers.push(JSON.stringify(shown));
    answers.push(JSON.stringify((await service.call('POST', `${path}/test`)).body));
  }
}

/** A workspace whose calls go by a proxy that asks for a password. */
async function goByProxy(): Promise<void> {
  const made = await service.call<{ key: string }>('POST', '/v1/workspaces', {
    id: 'proxied',
    name: 'Proxied',
  });
  canaries.watch('API key of the workspace', made.body.key);
  const proxied = new ApiCaller(service.url, made.body.key);
  const password = canaries.plant('proxy password');
  const proxy = await ConnectProxy.start(() => ({ status: 407 }));
  closing.push(() => proxy.close());
  const set = await proxied.call('PUT', '/v1/egress-proxy', { url: proxy.url, username: 'us', password });
  answers.push(JSON.stringify(set.body), JSON.stringify((await proxied.get('/v1/egress-proxy')).body));
  expect(set.status).toBe(201);
  await proxied.call('PUT', '/v1/rules', { rules: [ruleOf('proxied', { url: 'https://203.0.114.1/' })] });
  await run(proxied, 1);
}

async function put(path: string, body: unknown): Promise<void> {
  const answer = await service.call('PUT', path, body);
  answers.push(JSON.stringify(answer.body));
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
}

function ruleOf(id: string, step: object) {
  return {
    id,
    name: `Rule ${id}`,
    owner: { email: 'ada@example.com' },
    event: { type: 'secret.used' },
    steps: [
      { id: 'first', action: 'call_webhook', ...step },
      // Gets what the first one answered.
      { id: 'second', action: 'call_webhook', url: `${receivers.echoing.url}/after/${id}` },
    ],
    retry_schedule: ['1s'],
    ...(id !== 'proxied' && { notify: { channels: ['slack', 'teams', 'webhook'] } }),
  };
}

/** Sends an event, and waits until all that it started has ended. */
async function run(caller: ApiCaller, executions: number): Promise<void> {
  const { body } = await caller.event({
    type: 'secret.used',
    id: `evt-${randomBytes(4).toString('hex')}`,
    data: {},
  });
  answers.push(JSON.stringify(body));
  expect(body.executions).toHaveLength(executions);
  for (const { execution_id: id } of body.executions) {
    await until(async () => {
      const { body: execution } = await caller.get<{ status: string }>(`/v1/executions/${id}`);
      answers.push(JSON.stringify(execution));
      return ['delivered', 'escalated'].includes(execution.status) ? execution : undefined;
    });
  }
}

/** Every list and every single thing that can be read. */
async function askForEverything(): Promise<void> {
  const { body } = await service.get<{ paths: Record<string, object> }>('/openapi.json');
  const lists = Object.entries(body.paths).filter(
    ([path, ways]) => 'get' in ways && !path.includes('{') && path !== ENDLESS,
  );
  for (const [path] of lists) {
    const { body: list } = await service.get<{
      items?: { id?: string; origin?: string; execution_id?: string }[];
    }>(path);
    answers.push(JSON.stringify(list));
    if (!(`${path}/{id}` in body.paths) && path !== '/v1/destinations') continue;
    for (const { execution_id: executionId, id = executionId, origin = id } of list.items ?? []) {
      answers.push(JSON.stringify((await service.get(`${path}/${encodeURIComponent(origin ?? '')}`)).body));
    }
  }
}

/** Has an answer without an end: of what the list of executions has. */
const ENDLESS = '/v1/executions/changes';

/** Part of a key in PEM form that is secret, and the bytes that it stands for. */
function middleOf(pem: string): Buffer {
  const bytes = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  return bytes.subarray(bytes.length / 2, bytes.length / 2 + 24);
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile());
}

/** What a person sees of an execution with Temporal's own tools. */
async function historiesInClear(): Promise<string> {
  const [, address = ''] = await service.program.printed(/Temporal: (\S+),/);
  const cli = await serverExecutable('cli');
  const temporal = (...args: string[]) =>
    execFileSync(cli, ['workflow', ...args, '--address', address, '--output', 'json'], {
      encoding: 'utf8',
      maxBuffer: 256 * 1_048_576,
    });
  const listed = JSON.parse(temporal('list')) as { execution: { workflowId: string } }[];
  return listed.map(({ execution }) => temporal('show', '-w', execution.workflowId)).join('\n');
}

it('the calls did carry the secrets', () => {
  const sent = JSON.stringify([...receivers.echoing.requests, ...receivers.refusing.requests]);
  expect(canaries.in(sent).sort()).toEqual(['API key of the receiver', 'access token', 'password', 'token']);
  expect(receivers.mutual.to('/mutual')).toHaveLength(1);
  const called = receivers.gossiping.requests.map(({ path }) => canaries.in(path)).flat();
  expect([...new Set(called)].sort()).toEqual(['URL of slack', 'URL of teams', 'URL of webhook']);
});

it('they are in no answer of the API', () => {
  expect(canaries.in(answers.join('\n'))).toEqual([]);
  expect(answers.join('\n')).toContain('[redacted]');
});

it('they are in no line of the log, not even at its finest', () => {
  expect(service.program.output.includes('"msg":"incoming request"')).toBe(true);
  expect(canaries.in(service.program.output)).toEqual([]);
});

it('they are in no history, encoded or not', async () => {
  const histories = await historiesInClear();
  expect(histories).toContain('deliverWebhook');
  expect(histories).toContain('deliverNotice');
  const payloads = [...histories.matchAll(/"data": "([^"]+)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64'),
  );
  expect(canaries.in(Buffer.concat([Buffer.from(histories), ...payloads]))).toEqual([]);
});

it('they are in no span', async () => {
  await collector.collected('send mail');
  const spans = collector.spans();
  expect(new Set(spans.map(({ name }) => name))).toEqual(
    new Set(['POST /v1/events', 'start execution', 'deliver webhook', 'POST', 'escalate', 'send mail']),
  );
  expect(canaries.in(collector.requests.map(({ text }) => text).join('\n'))).toEqual([]);
});

it('they are in no file, but for the key that the command line of the machine finds', () => {
  const files = filesBelow(folder);
  expect(files).toContainEqual(expect.stringMatching(/rule-webhooks\.db$/));
  const holding = files.flatMap((file) => canaries.in(readFileSync(file)).map((name) => `${file}: ${name}`));
  expect(holding).toEqual([`${join(folder, 'admin-key')}: API key`]);
});

it('they are in no e-mail', () => {
  const mails = filesBelow(join(folder, 'mail'));
  expect(mails.length).toBeGreaterThan(0);
  expect(mails.flatMap((file) => canaries.in(readFileSync(file)))).toEqual([]);
});

it('they would be found', () => {
  const token = canaries.plant('planted');
  const found = [token, Buffer.from(`us:${token}`).toString('base64'), encodeURIComponent(token)];
  expect(found.map((text) => canaries.in(`before ${text} after`))).toEqual([
    ['planted'],
    ['planted'],
    ['planted'],
  ]);
});
