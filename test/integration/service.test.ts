import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { openStore } from '../../src/store/open-store';
import { ApiCaller } from '../support/api-caller';
import { sampleEvent } from '../support/events';
import { until } from '../support/executions';
import { Program } from '../support/program';
import { Receiver } from '../support/receiver';
import { rulebookDocument, ruleDocument, writeRulesFile } from '../support/rules-file';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

let folder: string;
let receiver: Receiver;
const started: ServiceProcess[] = [];
beforeEach(async () => {
  folder = temporaryFolder();
  receiver = await Receiver.start();
});
afterEach(async () => {
  for (const service of started.splice(0).reverse()) await service.kill('SIGKILL');
  await receiver.close();
});

async function start(settings: Record<string, string> = {}, args: string[] = []): Promise<ServiceProcess> {
  const service = await ServiceProcess.start(folder, settings, args);
  started.push(service);
  return service;
}

function failing(settings: Record<string, string>, args: string[] = []): Program {
  return Program.start('main.js', args, {
    DATA_DIR: folder,
    API_PORT: '0',
    TEMPORAL_DEV_PORT: '0',
    TEMPORAL_DEV_UI_PORT: '0',
    ...settings,
  });
}

describe('the first start', () => {
  const home = temporaryFolder();
  let service: ServiceProcess;
  beforeAll(async () => {
    service = await ServiceProcess.start(home);
  });
  afterAll(() => service.kill('SIGKILL'));

  it('keeps an admin key that its owner alone may read', () => {
    expect(statSync(join(home, 'admin-key')).mode & 0o777).toBe(0o600);
  });

  it('keeps the store where its owner alone may read it', () => {
    expect(statSync(join(home, 'rule-webhooks.db')).mode & 0o777).toBe(0o600);
  });

  it('writes no key into what becomes a log', () => {
    expect(service.program.output).not.toContain(service.key);
  });

  it('makes a key that the second start leaves in force', async () => {
    const { key } = service;
    await service.kill('SIGTERM');
    service = await ServiceProcess.start(home);
    expect(service.key).toBe(key);
    expect((await service.get('/v1/rules')).status).toBe(200);
  });
});

describe('a start with another key than the secrets are sealed with', () => {
  it('ends with exit code 2, and names the setting and the keys by their ids', async () => {
    await (await openStore({ dataFolder: folder })).close();
    const other = failing({ ENCRYPTION_KEY: randomBytes(32).toString('base64') });
    expect(await other.ended()).toBe(2);
    expect(other.output).toMatch(
      /sealed with key [0-9a-f]{12}, and ENCRYPTION_KEY has key [0-9a-f]{12} alone/,
    );
    expect(other.output).not.toContain('    at ');
  });
});

describe('a service that runs', () => {
  const home = temporaryFolder();
  let running: ServiceProcess;
  /** In a workspace of the test's own. */
  let service: ApiCaller;
  beforeAll(async () => {
    running = await ServiceProcess.start(home);
  });
  afterAll(() => running.kill('SIGKILL'));
  let workspaces = 0;
  beforeEach(async () => {
    const id = `workspace-${(workspaces += 1)}`;
    const { body } = await running.call<{ key: string }>('POST', '/v1/workspaces', { id, name: id });
    service = new ApiCaller(running.url, body.key);
  });

  it('is ready when its parts are', async () => {
    expect(await service.get('/readyz')).toMatchObject({
      status: 200,
      body: { parts: { store: 'ok', temporal: 'ok' } },
    });
  });

  it('delivers what an event over HTTP leads to', async () => {
    await service.call('PUT', '/v1/rules', rulebookDocument({ urls: [receiver.url] }));
    const { status, body } = await service.event(sampleEvent());
    expect(status).toBe(202);
    await receiver.received(1);
    expect(receiver.requests[0]?.json['execution_id']).toBe(body.executions[0]?.execution_id);
  });

  it('lists an execution and shows its whole timeline', async () => {
    await service.call('PUT', '/v1/rules', rulebookDocument({ urls: [receiver.url] }));
    const { body: accepted } = await service.event(sampleEvent());
    const id = accepted.executions[0]?.execution_id ?? '';
    const listed = await until(async () => {
      const executions = await service.all<{ execution_id: string; status: string }>(
        '/v1/executions?rule=watch&status=delivered',
      );
      return executions.length > 0 ? executions : undefined;
    });
    expect(listed).toMatchObject([{ execution_id: id, status: 'delivered' }]);
    const { body: shown } = await service.get(`/v1/executions/${id}`);
    expect(shown).toMatchObject({
      steps: [
        { state: 'delivered', attempts: [{ status: 200, request: { body: receiver.requests[0]?.text } }] },
      ],
    });
  });

  it('delivers an event to each of 60 rules, through a dispatcher', async () => {
    const rules = Array.from({ length: 60 }, (_, nth) => ({ id: `rule-${nth}`, urls: [receiver.url] }));
    await service.call('PUT', '/v1/rules', rulebookDocument(...rules));
    const { body } = await service.event(sampleEvent());
    expect(body).toMatchObject({ state: 'on_its_way', matched: 60 });
    await receiver.received(60);
    const called = new Set(receiver.requests.map(({ json }) => json['execution_id']));
    expect(called).toEqual(new Set(body.executions.map(({ execution_id }) => execution_id)));
  });

  it('runs a test of one rule, marked as such, whatever the event would match', async () => {
    await service.call('PUT', '/v1/rules', rulebookDocument({ urls: [receiver.url] }));
    await service.call('POST', '/v1/rules/watch/pause');
    const { status } = await service.call('POST', '/v1/rules/watch/test');
    expect(status).toBe(202);
    await receiver.received(1);
    const tests = await until(async () => {
      const executions = await service.all('/v1/executions?test=true');
      return executions.length > 0 ? executions : undefined;
    });
    expect(tests).toMatchObject([{ rule: { id: 'watch' }, test: true }]);
  });

  it('skips a step whose condition does not hold, shapes the next one, and shows both', async () => {
    const rule = {
      ...ruleDocument({ urls: [] }),
      steps: [
        { id: 'enrich', action: 'call_webhook', url: `${receiver.url}/enrich` },
        { id: 'page', action: 'call_webhook', url: `${receiver.url}/page`, if: { domain: 'other.example' } },
        {
          id: 'chat',
          action: 'call_webhook',
          url: `${receiver.url}/chat`,
          if: { 'steps.enrich.response.status': 200 },
          method: 'PUT',
          headers: { 'x-team': 'blue' },
          body: {
            text: 'Score of {{ event.domain }}: {{ event.current.score }}',
            score: '{{ event.current.score }}',
          },
        },
      ],
    };
    await service.call('PUT', '/v1/scorecards/example.com', { domain: 'example.com', followed: true });
    expect((await service.call('POST', '/v1/rules', rule)).status).toBe(201);
    const { body } = await service.event(sampleEvent());
    await receiver.received(1, '/chat');
    expect(receiver.to('/page')).toEqual([]);
    expect(receiver.to('/chat')).toMatchObject([
      { method: 'PUT', headers: { 'x-team': 'blue' }, json: { text: 'Score of example.com: 78', score: 78 } },
    ]);
    const shown = await until(async () => {
      const { body: detail } = await service.get<{ status: string }>(
        `/v1/executions/${body.executions[0]?.execution_id ?? ''}`,
      );
      return detail.status === 'delivered' ? detail : undefined;
    });
    expect(shown).toMatchObject({
      steps: [{ state: 'delivered' }, { state: 'skipped' }, { state: 'delivered' }],
    });
  });

  it('announces itself in the data folder, and takes that back when it stops', async () => {
    const announcement = join(home, 'service.json');
    expect(JSON.parse(readFileSync(announcement, 'utf8'))).toMatchObject({ url: running.url });
    await running.kill('SIGTERM');
    expect(existsSync(announcement)).toBe(false);
  });
});

describe('the rules file', () => {
  it('is applied at start', async () => {
    const service = await start({ RULES_FILE: writeRulesFile(folder, { urls: [receiver.url] }) });
    expect((await service.get('/v1/rules/watch')).body).toMatchObject({ name: 'Score watch', version: 1 });
  });

  it('leaves what was edited since, until it is edited itself', async () => {
    const RULES_FILE = writeRulesFile(folder, { urls: [receiver.url] });
    const first = await start({ RULES_FILE });
    await first.call('POST', '/v1/rules/watch/pause');
    await first.kill('SIGTERM');
    const second = await start({ RULES_FILE });
    expect((await second.get('/v1/rules/watch')).body['paused_at']).toEqual(expect.any(String));
    await second.kill('SIGTERM');
    writeFileSync(RULES_FILE, stringify(rulebookDocument({ urls: [`${receiver.url}/new`] })));
    const third = await start({ RULES_FILE });
    expect((await third.get('/v1/rules/watch')).body).toMatchObject({
      steps: [{ url: `${receiver.url}/new` }],
    });
  });

  it.each(['ftp://example.com', 'https://169.254.169.254/'])(
    'that is wrong (%s) ends the start with exit code 2 and the path of each problem',
    async (url) => {
      const RULES_FILE = writeRulesFile(folder, { urls: [url] });
      const program = failing({ RULES_FILE });
      expect(await program.ended()).toBe(2);
      expect(program.output).toMatch(/rules\.yaml: rules\[0\]\.steps\[0\]\.url: /);
    },
  );
});

describe('a setting that is wrong', () => {
  it.each([
    ['API_PORT', 'http', []],
    ['DATABASE_URL', 'mysql://user:pa-canary@db/x', []],
    ['ROLE', 'boss', []],
    ['ROLE', '', ['--role', 'boss']],
    ['API_RATE_LIMIT', '-1', []],
  ])('ends the start with exit code 2 and its name: %s=%s %j', async (name, value, args) => {
    const program = failing({ [name]: value }, args);
    expect(await program.ended()).toBe(2);
    expect(program.output).toMatch(new RegExp(`^${name}: `));
    expect(program.output).not.toContain('canary');
  });

  it('is a port that is taken, too', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const program = failing({ API_PORT: String((other.address() as AddressInfo).port) });
    expect(await program.ended()).toBe(2);
    expect(program.output).toMatch(/API_PORT/);
    other.close();
  });
});

describe('an API and a worker in processes of their own', () => {
  it('deliver an event together', async () => {
    const api = await start({}, ['--role', 'api']);
    const worker = Program.start('main.js', ['--role', 'worker'], {
      DATA_DIR: folder,
      ALLOWED_NETWORKS: '127.0.0.0/8',
    });
    await worker.printed(/Ready/);
    await api.call('PUT', '/v1/rules', rulebookDocument({ urls: [receiver.url] }));
    expect((await api.event(sampleEvent())).status).toBe(202);
    await receiver.received(1);
    expect(await worker.kill('SIGTERM')).toBe(0);
  });

  it('see an edit that was made in another process', async () => {
    const first = await start({}, ['--role', 'api']);
    const second = await start({}, ['--role', 'api']);
    await first.call('PUT', '/v1/rules', rulebookDocument({ urls: [receiver.url] }));
    const matched = await until(async () => {
      const { body } = await second.call<{ matches: boolean }>(
        'POST',
        '/v1/rules/watch/explain',
        sampleEvent(),
      );
      return body.matches ? body : undefined;
    });
    expect(matched).toMatchObject({ matches: true });
  });
});
