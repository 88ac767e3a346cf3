import { NativeConnection } from '@temporalio/worker';
import { TemporalAwayError } from '../../src/ingest/event-intake';
import { startDevServer, type DevServer } from '../../src/temporal/dev-server';
import { installRuntime } from '../../src/temporal/runtime';
import { until } from '../support/executions';
import { TcpGate } from '../support/tcp-gate';
import { serverExecutable } from '../support/server-executable';
import { temporaryFolder } from '../support/temporary-folder';
import { IntakeLab, manyRules, WORKSPACE } from './intake-lab';

installRuntime('ERROR');

let server: DevServer;
let gate: TcpGate;
let lab: IntakeLab;
let connection: NativeConnection;

beforeEach(async () => {
  const dataFolder = temporaryFolder();
  const executable = await serverExecutable('cli');
  server = await startDevServer({ executable, dataFolder, namespace: 'default', port: 0, uiPort: 0 });
  gate = await TcpGate.before(server.address);
  connection = await NativeConnection.connect({ address: gate.address });
  lab = await IntakeLab.open(connection, dataFolder);
  await lab.putRules(...manyRules(2));
});
afterEach(async () => {
  await lab.close();
  await connection.close();
  await gate.close();
  await server.stop();
});

describe('while Temporal is away, an event', () => {
  beforeEach(() => {
    gate.shut();
  });

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
    gate.shut();
    await lab.accept().catch(() => undefined);
    gate.reopen();
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
