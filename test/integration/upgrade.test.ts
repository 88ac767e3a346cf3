import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { temporal } from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { NativeConnection } from '@temporalio/worker';
import { startDispatcher } from '../../src/client/start-dispatcher';
import { dispatchWorkflowIdOf } from '../../src/shared/ids';
import {
  becomeFirstBuild,
  countPinned,
  describeDeployment,
  promoteBuild,
  type DeploymentPlace,
} from '../../src/temporal/worker-deployment';
import { sampleEvent } from '../support/events';
import { Executions, until } from '../support/executions';
import { Program } from '../support/program';
import { answerBytes, Receiver } from '../support/receiver';
import { rulebookDocument } from '../support/rules-file';
import { ApiCaller } from '../support/api-caller';
import { ServiceProcess } from '../support/service';
import { createLocalEnvironment } from '../support/temporal';
import { temporaryFolder } from '../support/temporary-folder';

const ROOT = join(__dirname, '../..');
const DIST = join(ROOT, 'dist');
const A = readFileSync(join(DIST, 'build-id'), 'utf8');
const B = 'b00000000001';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createLocalEnvironment();
});
afterAll(() => environment.teardown());

/** Another build of the program, with another bundle. @returns its folder */
function buildB(): string {
  const folder = join(temporaryFolder(), 'dist');
  cpSync(DIST, folder, { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(folder, '../package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, '../node_modules'));
  const bundle = join(folder, 'versioned-workflow-bundle.js');
  writeFileSync(bundle, `/* build B */${readFileSync(bundle, 'utf8')}`);
  writeFileSync(join(folder, 'build-id'), B);
  return folder;
}

/** The builds that took the workflow tasks of an execution, in order, each once in a row. */
async function buildsOf(workflowId: string): Promise<string[]> {
  const { events } = await environment.client.workflow.getHandle(workflowId).fetchHistory();
  const builds = (events ?? []).flatMap(
    ({ workflowTaskCompletedEventAttributes: task }) => task?.deploymentVersion?.buildId ?? [],
  );
  return builds.filter((build, index) => build !== builds[index - 1]);
}

describe('an API and workers of two builds', () => {
  const dataFolder = temporaryFolder();
  const settings = () => ({
    DATA_DIR: dataFolder,
    TEMPORAL_ADDRESS: environment.address,
    DEPLOYMENT_NAME: 'rules',
    ALLOWED_NETWORKS: '127.0.0.0/8',
  });
  let isUp = false;
  let receiver: Receiver;
  let api: ServiceProcess;
  let folderB: string;

  beforeAll(async () => {
    folderB = buildB();
    receiver = await Receiver.start(answerWith);
    api = await ServiceProcess.start(dataFolder, settings(), ['--role', 'api']);
    const rules = rulebookDocument({ urls: [receiver.url], retry_schedule: ['1h'] });
    await api.call('PUT', '/v1/rules', rules);
  });
  afterAll(async () => {
    await api.kill('SIGTERM');
    await receiver.close();
  });

  function answerWith(...[request, response]: Parameters<ReturnType<typeof answerBytes>>) {
    answerBytes('', {}, isUp ? 200 : 503)(request, response);
  }

  async function start(folder: string, role: 'worker' | 'all'): Promise<Program> {
    const script = relative(DIST, join(folder, 'main.js'));
    const program = Program.start(script, ['--role', role], { ...settings(), API_PORT: '0' });
    await program.printed(/Ready/);
    return program;
  }

  async function upgrade(...args: string[]): Promise<string> {
    const program = Program.start('upgrade.js', args, settings());
    expect([await program.ended(), program.output]).toEqual([0, expect.any(String)]);
    return program.output;
  }

  /** @returns the id of the execution that a new event starts */
  async function trigger(id: string, by: ApiCaller = api): Promise<string> {
    const { body } = await by.event(sampleEvent({ id }));
    return body.executions[0]?.execution_id ?? '';
  }

  const untilIs = (id: string, status: string) =>
    until(async () => {
      const { body } = await api.get<{ status: string }>(`/v1/executions/${id}`);
      return body.status === status ? body : undefined;
    });

  it('upgrade what waits and roll back, without a call that is lost', async () => {
    const workerA = await start(DIST, 'worker');
    expect(await upgrade('status')).toContain(`${A}  current, this build`);
    const waiting = [await trigger('evt-1'), await trigger('evt-2')];
    for (const id of waiting) await untilIs(id, 'waiting_for_retry');

    const workerB = await start(folderB, 'all');
    expect(await upgrade('status')).toContain(`${B}  inactive`);
    // Although an eager start would give the first task to the worker of the process that starts it.
    const [, urlB = ''] = await workerB.printed(/API: (\S+)/);
    const beforePromotion = await trigger('evt-3', new ApiCaller(urlB, api.key));
    await untilIs(beforePromotion, 'waiting_for_retry');
    expect(await buildsOf(`rule-execution/${beforePromotion}`)).toEqual([A]);

    expect(await upgrade('promote', B)).toContain(`${B}  current`);
    expect(await workerA.kill('SIGTERM')).toBe(0);
    isUp = true;
    for (const id of waiting) {
      expect((await api.call('POST', `/v1/executions/${id}/retry`)).status).toBe(200);
      await untilIs(id, 'delivered');
      expect(await buildsOf(`rule-execution/${id}`)).toEqual([A, B]);
    }
    const started = await trigger('evt-4');
    await untilIs(started, 'delivered');
    expect(await buildsOf(`rule-execution/${started}`)).toEqual([B]);

    const again = await start(DIST, 'worker');
    // A worker that starts takes nothing from the build that is current.
    expect(await upgrade('status')).toContain(`${B}  current`);
    await upgrade('promote', A);
    const rolledBack = await trigger('evt-5');
    await untilIs(rolledBack, 'delivered');
    expect(await buildsOf(`rule-execution/${rolledBack}`)).toEqual([A]);
    for (const program of [again, workerB]) expect(await program.kill('SIGTERM')).toBe(0);
  }, 120_000);

  it('refuse to promote a build that there is no worker of', async () => {
    const program = Program.start('upgrade.js', ['promote', 'unknown'], settings());
    expect(await program.ended()).toBe(2);
    expect(program.output).toContain('has no build unknown: start a worker of it first');
  });
});

type DescribeRequest = temporal.api.workflowservice.v1.IDescribeWorkerDeploymentRequest;

/** A server that has lost the note that all of it acts on a decision, as the real one does at times. */
function withoutNote({ workflowService }: NativeConnection): DeploymentPlace['connection'] {
  const describeWorkerDeployment = async (request: DescribeRequest) => {
    const described = await workflowService.describeWorkerDeployment(request);
    const { ROUTING_CONFIG_UPDATE_STATE_IN_PROGRESS } = temporal.api.enums.v1.RoutingConfigUpdateState;
    if (described.workerDeploymentInfo) {
      described.workerDeploymentInfo.routingConfigUpdateState = ROUTING_CONFIG_UPDATE_STATE_IN_PROGRESS;
    }
    return described;
  };
  return {
    workflowService: new Proxy(workflowService, {
      get: (service, name) =>
        name === 'describeWorkerDeployment'
          ? describeWorkerDeployment
          : (Reflect.get(service, name) as unknown),
    }),
  };
}

it('a promotion is over when the task queues know it, though the server says for ever that it is in progress', async () => {
  const { nativeConnection, namespace = 'default' } = environment;
  const place = { connection: withoutNote(nativeConnection), namespace, deploymentName: 'without-note' };
  const executions = await Executions.start(
    environment,
    { send: async ({ messageId }) => ({ messageId, receipt: '' }) },
    { version: { deploymentName: place.deploymentName, buildId: 'only' } },
  );
  await until(async () =>
    (await describeDeployment(place))?.statuses.has('only') === true ? true : undefined,
  );
  await promoteBuild(place, 'only', 0);
  expect(await describeDeployment(place)).toMatchObject({ currentBuildId: 'only', isInForce: false });
  await executions.stop();
});

it('a dispatcher ends on the build that it began on, which is shown to be needed until then', async () => {
  const place = {
    connection: environment.nativeConnection,
    namespace: environment.namespace ?? 'default',
    deploymentName: 'dispatchers',
  };
  let release: () => void = () => undefined;
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  const batches: string[] = [];
  const start = (buildId: string) =>
    Executions.start(
      environment,
      { send: async ({ messageId }) => ({ messageId, receipt: '' }) },
      {
        version: { deploymentName: place.deploymentName, buildId },
        startBatch: async ({ limit }) => {
          batches.push(buildId);
          await isReleased;
          return { started: limit, existed: 0 };
        },
      },
    );
  const first = await start('first');
  await becomeFirstBuild(place, 'first');
  await startDispatcher(first.client, {
    workspace: 'default',
    eventKey: 'evt',
    eventId: 'evt',
    matched: 120,
  });
  await until(async () => (batches.length > 0 ? true : undefined));
  const second = await start('second');
  await until(async () => {
    return promoteBuild(place, 'second').then(
      () => true,
      () => undefined,
    );
  });
  await until(async () => ((await countPinned(place, 'first')) === 1 ? true : undefined));
  release();
  await environment.client.workflow.getHandle(dispatchWorkflowIdOf('default', 'evt')).result();
  expect(batches).toEqual(['first', 'first', 'first']);
  await until(async () => ((await countPinned(place, 'first')) === 0 ? true : undefined));
  await first.stop();
  await second.stop();
});
