import { NativeConnection } from '@temporalio/worker';
import { startDevServer, type DevServer } from '../../src/temporal/dev-server';
import { installRuntime } from '../../src/temporal/runtime';
import { sampleEvent } from '../support/events';
import { rulebookDocument } from '../support/rules-file';
import { serverExecutable } from '../support/server-executable';
import { temporaryFolder } from '../support/temporary-folder';
import { ApiLab, type CheckedCaller } from './lab';

installRuntime('ERROR');

let server: DevServer;
let connection: NativeConnection;
let lab: ApiLab;
let admin: CheckedCaller;
beforeAll(async () => {
  const executable = await serverExecutable('cli');
  const dataFolder = temporaryFolder();
  server = await startDevServer({ executable, dataFolder, namespace: 'default', port: 0, uiPort: 0 });
  connection = await NativeConnection.connect({ address: server.address });
  lab = await ApiLab.open(connection, { startTimeLimitMs: 1_000 });
  await server.stop();
});
beforeEach(async () => {
  admin = await lab.workspace();
  await admin.call('PUT', '/v1/rules', rulebookDocument({ urls: ['https://example.com'] }));
});
afterAll(async () => {
  await lab.close();
  await connection.close();
});

describe('while Temporal is away', () => {
  it('an event is answered with 503 and Retry-After', async () => {
    const posted = await admin.call('POST', '/v1/events', sampleEvent());
    expect(posted).toMatchObject({ status: 503, body: { title: 'Service Unavailable' } });
    expect(posted.headers.get('retry-after')).toBe('5');
  });

  it('executions are answered with 503', async () => {
    const id = '5b0d6c0e-3f0b-5a55-9f0e-1d2a4c2a8e11';
    const paths = ['', '/count', '/outcomes', `/${id}`, `/${id}/follow`];
    const answers = await Promise.all(paths.map((path) => admin.get(`/v1/executions${path}`)));
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
  });

  it('a batch is answered with 503 when nothing of it could be taken', async () => {
    const events = [sampleEvent({ id: 'e-1' }), sampleEvent({ id: 'e-2' })];
    expect((await admin.call('POST', '/v1/events/batch', { events })).status).toBe(503);
  });

  it('a batch has a 503 for each event that could not be taken', async () => {
    const events = [sampleEvent({ id: 'e-1' }), { type: 'nobody.listens', data: {} }];
    const { status, body } = await admin.call('POST', '/v1/events/batch', { events });
    expect(status).toBe(200);
    const unforeseen = lab.log.filter((line) => line.includes('request failed'));
    expect({ unforeseen, results: body['results'] }).toMatchObject({
      unforeseen: [],
      results: [
        { index: 0, status: 503, problem: { status: 503 } },
        { index: 1, status: 202 },
      ],
    });
  });

  it('rules are edited all the same', async () => {
    expect((await admin.call('POST', '/v1/rules/watch/pause')).status).toBe(200);
  });

  it('the service is alive, and says which part keeps it from being ready', async () => {
    expect((await admin.get('/healthz')).body).toEqual({ status: 'ok' });
    expect(await admin.get('/readyz')).toMatchObject({
      status: 503,
      body: { status: 'not_ready', parts: { store: 'ok', temporal: 'away' } },
    });
  });
});
