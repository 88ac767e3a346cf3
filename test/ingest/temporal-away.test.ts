import { NativeConnection } from '@temporalio/worker';
import { TemporalAwayError } from '../../src/ingest/event-intake';
import { startDevServer, type DevServer } from '../../src/temporal/dev-server';
import { installRuntime } from '../../src/temporal/runtime';
import { until } from '../support/executions';
import { serverExecutable, temporaryFolder } from '../support/temporal';
import { IntakeLab, manyRules, WORKSPACE } from './intake-lab';

installRuntime('ERROR');

let folder: string;
let server: DevServer;
let lab: IntakeLab;
let connection: NativeConnection;

async function startServer(port = 0): Promise<DevServer> {
  const executable = await serverExecutable('cli');
  return startDevServer({ executable, dataFolder: folder, namespace: 'default', port, uiPort: 0 });
}

beforeEach(async () => {
  folder = temporaryFolder();
  server = await startServer();
  connection = await NativeConnection.connect({ address: server.address });
  lab = await IntakeLab.open(connection, folder);
  await lab.putRules(...manyRules(2));
});
afterEach(async () => {
  await lab.close();
  await connection.close();
  await server.stop();
});

describe('while Temporal is away, an event', () => {
  beforeEach(() => server.stop());

  it('is not accepted', async () => {
    await expect(lab.accept()).rejects.toThrow(TemporalAwayError);
  });

  it('that matches no rule is accepted all the same: nothing is to be started', async () => {
    await expect(lab.accept({ domain: 'example.org' })).resolves.toMatchObject({ matched: 0 });
  });

  it('leaves no record once it is known that Temporal is away', async () => {
    await lab.accept().catch(() => undefined);
    await lab.accept({ id: 'second' }).catch(() => undefined);
    expect(await lab.store.events.get(WORKSPACE, 'second')).toBeUndefined();
  });
});

describe('when Temporal is back', () => {
  beforeEach(async () => {
    const [, port] = server.address.split(':');
    await server.stop();
    await lab.accept().catch(() => undefined);
    server = await startServer(Number(port));
  });

  it('nothing of an event that was refused was started, and its record goes', async () => {
    await until(() =>
      lab.pending.settle(0).then(
        () => true,
        () => undefined,
      ),
    );
    expect(await lab.store.events.get(WORKSPACE, 'evt_2026_0001')).toBeUndefined();
    expect(await lab.workflows()).toBe(0);
  });

  it('the same event is accepted when it is sent again', async () => {
    const accepted = await until(() => lab.accept().catch(() => undefined));
    expect(accepted.executions).toHaveLength(2);
    await until(async () => ((await lab.workflows()) === 2 ? true : undefined));
  });
});
