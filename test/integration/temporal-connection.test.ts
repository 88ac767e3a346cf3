import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, createSecureServer, type IncomingHttpHeaders, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time';
import { temporal as proto } from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { RULE_DOMAIN, RULE_ID, RULE_NEXT_RETRY, SEARCH_ATTRIBUTES } from '../../src/shared/search-attributes';
import {
  connectTemporal,
  connectToRunningTemporal,
  type TemporalConnection,
  type TemporalSettings,
} from '../../src/temporal/connection';
import { ensureNamespace } from '../../src/temporal/namespace';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes';
import { serverExecutable } from '../support/server-executable';
import { createBareEnvironment, createTimeSkippingEnvironment } from '../support/temporal';
import { temporaryFolder } from '../support/temporary-folder';

const DAY_S = 86_400;

/** Everything that a test opened, to be closed whatever became of the test. */
const opened: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function settingsWith(changes: Partial<TemporalSettings> = {}): Promise<TemporalSettings> {
  return {
    environment: {},
    dataFolder: temporaryFolder(),
    port: 0,
    uiPort: 0,
    retentionDays: 30,
    adoptsRetention: false,
    warn: (line) => {
      throw new Error(`warned: ${line}`);
    },
    executables: { cliPath: await serverExecutable('cli'), searchPath: '', cacheHome: temporaryFolder() },
    ...changes,
  };
}

async function connect(settings: TemporalSettings): Promise<TemporalConnection> {
  const temporal = await connectTemporal(settings);
  opened.push(() => temporal.close());
  return temporal;
}

async function connectWithoutPreparing(settings: TemporalSettings): Promise<TemporalConnection> {
  const temporal = await connectToRunningTemporal(settings);
  opened.push(() => temporal.close());
  return temporal;
}

/** A server that knows neither our namespace nor our search attributes. */
async function bareServer(): Promise<TestWorkflowEnvironment> {
  const server = await createBareEnvironment();
  opened.push(() => server.teardown());
  return server;
}

async function retentionOf({ connection, namespace }: TemporalConnection): Promise<number> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  return Number(config?.workflowExecutionRetentionTtl?.seconds);
}

/** Starts an execution with our attributes and finds it by them. */
async function startAndCount({ connection, namespace }: TemporalConnection): Promise<number> {
  const client = new Client({ connection, namespace });
  const typedSearchAttributes = new TypedSearchAttributes([
    { key: RULE_ID, value: 'rule-1' },
    { key: RULE_DOMAIN, value: 'example.com' },
    { key: RULE_NEXT_RETRY, value: new Date() },
  ]);
  await client.workflow.start('any', { workflowId: 'w', taskQueue: 'nobody', typedSearchAttributes });
  for (;;) {
    const { count } = await client.workflow.count(
      `RuleId = 'rule-1' AND RuleNextRetry > '2020-01-01T00:00:00Z'`,
    );
    if (count > 0) return count;
  }
}

describe('without an address', () => {
  test('the embedded server is started, and executions are found by their search attributes', async () => {
    const temporal = await connect(await settingsWith());
    expect(await startAndCount(temporal)).toBe(1);
  });

  test('its namespace is the one that is set, and keeps closed executions for as long as is set', async () => {
    const temporal = await connect(await settingsWith({ environment: { TEMPORAL_NAMESPACE: 'mine' } }));
    expect([temporal.namespace, await retentionOf(temporal)]).toEqual(['mine', 30 * DAY_S]);
  });

  test('its retention is set anew at each start', async () => {
    const settings = await settingsWith();
    await (await connectTemporal(settings)).close();
    const temporal = await connect({ ...settings, retentionDays: 7 });
    expect(await retentionOf(temporal)).toBe(7 * DAY_S);
  });

  test('a second process connects to the embedded server of the first', async () => {
    const settings = await settingsWith();
    const first = await connect(settings);
    const second = await connectWithoutPreparing(settings);
    expect(second).toMatchObject({ address: first.address, namespace: first.namespace, uiUrl: first.uiUrl });
  });

  test('a script that finds no server says what to do', async () => {
    await expect(connectToRunningTemporal(await settingsWith())).rejects.toThrow(
      /No Temporal server runs on the data folder .* set TEMPORAL_ADDRESS/,
    );
  });
});

describe('with an address', () => {
  test('namespace and search attributes are registered on a bare server', async () => {
    const { address } = await bareServer();
    const environment = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'fresh' };
    const temporal = await connect(await settingsWith({ environment }));
    expect([await startAndCount(temporal), await retentionOf(temporal)]).toEqual([1, 30 * DAY_S]);
  });

  test('registering again, and by several processes at once, changes nothing', async () => {
    const { nativeConnection } = await bareServer();
    const prepare = async () => {
      await ensureNamespace(nativeConnection, 'fresh', 30);
      await ensureSearchAttributes(nativeConnection, 'fresh');
    };
    await Promise.all([prepare(), prepare(), prepare()]);
    await prepare();
    const { customAttributes } = await nativeConnection.operatorService.listSearchAttributes({
      namespace: 'fresh',
    });
    expect(Object.keys(customAttributes).sort()).toEqual(SEARCH_ATTRIBUTES.map(({ name }) => name).sort());
  });

  test('the retention of a namespace that exists becomes the one that is set explicitly', async () => {
    const { address } = await bareServer();
    const settings = await settingsWith({
      environment: { TEMPORAL_ADDRESS: address },
      adoptsRetention: true,
    });
    expect(await retentionOf(await connect(settings))).toBe(30 * DAY_S);
    expect(await retentionOf(await connect({ ...settings, retentionDays: 7 }))).toBe(7 * DAY_S);
  });

  test('the retention of a namespace that exists is left alone when none is set', async () => {
    const { address } = await bareServer();
    const temporal = await connect(await settingsWith({ environment: { TEMPORAL_ADDRESS: address } }));
    expect(await retentionOf(temporal)).toBe(DAY_S);
  });

  test('a search attribute of another type is refused by its name', async () => {
    const { nativeConnection } = await bareServer();
    await nativeConnection.operatorService.addSearchAttributes({
      namespace: 'default',
      searchAttributes: { RuleNextRetry: proto.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD },
    });
    await expect(ensureSearchAttributes(nativeConnection, 'default')).rejects.toThrow(
      'The search attribute RuleNextRetry exists in Temporal\'s namespace "default" with another type than Datetime',
    );
  });

  test('the time-skipping server is prepared too', async () => {
    const server = await createTimeSkippingEnvironment();
    opened.push(() => server.teardown());
    await ensureNamespace(server.nativeConnection, 'default', 30);
    await ensureSearchAttributes(server.nativeConnection, 'default');
    const typedSearchAttributes = new TypedSearchAttributes([{ key: RULE_ID, value: 'rule-1' }]);
    const handle = await server.client.workflow.start('any', {
      workflowId: 'w',
      taskQueue: 'nobody',
      typedSearchAttributes,
    });
    expect((await handle.describe()).typedSearchAttributes.get(RULE_ID)).toBe('rule-1');
  });

  test('that nobody answers at is an error which names it and the variable', async () => {
    const environment = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
    await expect(
      connectTemporal(await settingsWith({ environment, connectTimeLimitMs: 500 })),
    ).rejects.toThrow(
      /Temporal at 127\.0\.0\.1:1 \(from TEMPORAL_ADDRESS\) cannot be reached: .*Connection refused/,
    );
  });

  test('that takes a connection and says nothing is an error within the time limit', async () => {
    const silent = createServer();
    silent.on('stream', () => undefined);
    const environment = { TEMPORAL_ADDRESS: await listen(silent) };
    await expect(
      connectTemporal(await settingsWith({ environment, connectTimeLimitMs: 500 })),
    ).rejects.toThrow('cannot be reached: no answer');
  });
});

async function listen(server: Http2Server): Promise<string> {
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(async () => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/**
 * Answers each call with the message that is given for its method, else with an empty one, or with the gRPC status that is given for its method, as Temporal Cloud
 * does to credentials without rights. Keeps the headers of the calls.
 */
function answering(
  server: Http2Server,
  statuses: Record<string, number> = {},
  messages: Record<string, Uint8Array> = {},
): IncomingHttpHeaders[] {
  const calls: IncomingHttpHeaders[] = [];
  server.on('stream', (stream, headers) => {
    calls.push(headers);
    const method = String(headers[':path']).split('/').at(-1) ?? '';
    const status = String(statuses[method] ?? 0);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => {
      stream.sendTrailers({
        'grpc-status': status,
        'grpc-message': status === '0' ? '' : `refused ${method}`,
      });
    });
    stream.resume();
    stream.end(status === '0' ? framed(messages[method]) : undefined);
  });
  return calls;
}

/** A message as gRPC sends it: whether it is compressed, its length, itself. */
function framed(message: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

describe('with credentials', () => {
  let folder: string;
  const at = (name: string) => path.join(folder, name);

  beforeAll(() => {
    folder = temporaryFolder();
    const extensions = ['subjectAltName=IP:127.0.0.1', 'basicConstraints=critical,CA:FALSE'];
    const subject = ['-subj', '/CN=localhost', ...extensions.flatMap((extension) => ['-addext', extension])];
    const files = ['-keyout', at('key.pem'), '-out', at('cert.pem')];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files],
      {
        stdio: 'ignore',
      },
    );
  });

  function secureServer(options: { requestCert?: boolean } = {}) {
    const key = readFileSync(at('key.pem'));
    const cert = readFileSync(at('cert.pem'));
    return createSecureServer({ key, cert, ca: cert, rejectUnauthorized: true, ...options });
  }

  test('an API key, a header and a certificate authority of a profile file reach a server with TLS', async () => {
    const server = secureServer();
    const calls = answering(server);
    const address = await listen(server);
    writeFileSync(
      at('temporal.toml'),
      `[profile.work]
address = "${address}"
namespace = "team.account"
api_key = "secret-key"
[profile.work.tls]
server_ca_cert_path = "${at('cert.pem')}"
[profile.work.grpc_meta]
temporal-namespace = "team.account"
`,
    );
    const environment = { TEMPORAL_CONFIG_FILE: at('temporal.toml'), TEMPORAL_PROFILE: 'work' };
    const { namespace, source } = await connect(await settingsWith({ environment }));
    expect({ namespace, source, headers: calls[0] }).toMatchObject({
      namespace: 'team.account',
      source: `profile "work" of TEMPORAL_CONFIG_FILE (${at('temporal.toml')})`,
      headers: { authorization: 'Bearer secret-key', 'temporal-namespace': 'team.account' },
    });
  });

  test('a client certificate reaches a server that asks for one', async () => {
    const server = secureServer({ requestCert: true });
    const calls = answering(server);
    const environment = {
      TEMPORAL_ADDRESS: await listen(server),
      TEMPORAL_TLS_CLIENT_CERT_PATH: at('cert.pem'),
      TEMPORAL_TLS_CLIENT_KEY_PATH: at('key.pem'),
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: at('cert.pem'),
    };
    await connect(await settingsWith({ environment }));
    expect(calls.length).toBeGreaterThan(0);
  });

  test('a server whose certificate is not trusted is refused at once', async () => {
    const server = secureServer();
    answering(server);
    const environment = { TEMPORAL_ADDRESS: await listen(server), TEMPORAL_TLS: 'true' };
    await expect(connectTemporal(await settingsWith({ environment }))).rejects.toThrow(
      /cannot be reached: .*[cC]ertificate/,
    );
  });
});

describe('with credentials that are not allowed something', () => {
  const PERMISSION_DENIED = 7;
  const NOT_FOUND = 5;
  const INVALID_ARGUMENT = 3;

  async function connectTo(
    statuses: Record<string, number>,
    changes: Partial<TemporalSettings> = {},
  ): Promise<TemporalConnection> {
    const server = createServer();
    answering(server, statuses, { DescribeNamespace: keptForThreeDays });
    const environment = { TEMPORAL_ADDRESS: await listen(server) };
    return connect(await settingsWith({ environment, ...changes }));
  }

  const keptForThreeDays = proto.api.workflowservice.v1.DescribeNamespaceResponse.encode({
    config: { workflowExecutionRetentionTtl: msToTs(3 * DAY_S * 1_000) },
  }).finish();

  test('to connect: the error names the credentials to check', async () => {
    await expect(connectTo({ GetSystemInfo: PERMISSION_DENIED })).rejects.toThrow(/TEMPORAL_API_KEY/);
  });

  test('to use the namespace: the error names it and the variables to check', async () => {
    await expect(connectTo({ CountWorkflowExecutions: PERMISSION_DENIED })).rejects.toThrow(
      /refuses these credentials for the namespace "default": .*TEMPORAL_NAMESPACE and TEMPORAL_API_KEY/,
    );
  });

  test('to register the namespace: the error holds the command for an administrator', async () => {
    await expect(
      connectTo({ CountWorkflowExecutions: NOT_FOUND, RegisterNamespace: PERMISSION_DENIED }),
    ).rejects.toThrow('temporal operator namespace create --namespace default');
  });

  test('to change the retention: a warning names what it is and what is set, and all else goes on', async () => {
    const warnings: string[] = [];
    const changes = { adoptsRetention: true, warn: (line: string) => void warnings.push(line) };
    await connectTo({ UpdateNamespace: PERMISSION_DENIED }, changes);
    expect(warnings).toEqual([
      'Temporal\'s namespace "default" keeps ended executions for 3 days, and RETENTION_DAYS is 30: it stays, as these ' +
        'credentials may not change it (refused UpdateNamespace). Unset RETENTION_DAYS, or have an administrator run: ' +
        'temporal operator namespace update --namespace default --retention 30d',
    ]);
  });

  test('to change the retention, which is as it is set: nothing is wrong', async () => {
    const changes = { adoptsRetention: true, retentionDays: 3 };
    const temporal = await connectTo({ UpdateNamespace: PERMISSION_DENIED }, changes);
    expect(temporal.namespace).toBe('default');
  });

  test('to see the retention: a warning names what is set, and all else goes on', async () => {
    const warnings: string[] = [];
    const changes = { adoptsRetention: true, warn: (line: string) => void warnings.push(line) };
    await connectTo({ DescribeNamespace: PERMISSION_DENIED }, changes);
    expect(warnings).toEqual([expect.stringContaining('RETENTION_DAYS is 30') as string]);
  });

  test('to list or register search attributes that are there: nothing is wrong', async () => {
    const temporal = await connectTo({
      ListSearchAttributes: PERMISSION_DENIED,
      AddSearchAttributes: PERMISSION_DENIED,
    });
    expect(temporal.namespace).toBe('default');
  });

  test('to register search attributes that are absent: the error holds the command for an administrator', async () => {
    const server = createServer();
    answering(server, { AddSearchAttributes: PERMISSION_DENIED, CountWorkflowExecutions: INVALID_ARGUMENT });
    const environment = { TEMPORAL_ADDRESS: await listen(server) };
    const { connection } = await connectWithoutPreparing(await settingsWith({ environment }));
    await expect(ensureSearchAttributes(connection, 'default')).rejects.toThrow(
      'temporal operator search-attribute create --namespace default --name RuleId --type Keyword --name RuleDomain',
    );
  });
});
