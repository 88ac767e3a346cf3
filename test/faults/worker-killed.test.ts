import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { executeRule } from '../../src/workflows/execute-rule';
import { sampleEvent } from '../support/events';
import { until, untilStatus, type Execution } from '../support/executions';
import { answerJson, Receiver, type Answer } from '../support/receiver';
import { writeRulesFile } from '../support/rules-file';
import { ServiceProcess } from '../support/service';
import { createLocalEnvironment } from '../support/temporal';
import { temporaryFolder } from '../support/temporary-folder';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createLocalEnvironment();
});
afterAll(() => environment.teardown());

let receiver: Receiver;
let worker: ServiceProcess;
let startWorker: () => Promise<ServiceProcess>;
afterEach(async () => {
  await worker.kill('SIGKILL');
  await receiver.close();
});

const ok = answerJson(200, { ok: true });

/** Starts a chain of three steps, /1 to /3, on a worker process of its own. */
async function startChain(answer: Answer, retry_schedule = ['1h']): Promise<Execution> {
  receiver = await Receiver.start(answer);
  const folder = temporaryFolder();
  const rulesFile = writeRulesFile(folder, {
    urls: ['/1', '/2', '/3'].map((path) => receiver.url + path),
    retry_schedule,
  });
  startWorker = () =>
    ServiceProcess.start(folder, { TEMPORAL_ADDRESS: environment.address, RULES_FILE: rulesFile });
  worker = await startWorker();
  // The server is one for all tests of this file: another id is another execution.
  const { body } = await worker.event(sampleEvent({ id: folder }));
  return environment.client.workflow.getHandle<typeof executeRule>(body.executions[0]?.workflow_id ?? '');
}

async function completedCalls(execution: Execution): Promise<number> {
  const { events } = await execution.fetchHistory();
  return (events ?? []).filter((event) => event.activityTaskCompletedEventAttributes).length;
}

describe('a worker that is killed between two steps', () => {
  it('is replaced by one that goes on, and calls no finished step again', async () => {
    const execution = await startChain(ok);
    await until(async () => ((await completedCalls(execution)) >= 1 ? true : undefined));
    await worker.kill('SIGKILL');
    const finished = await completedCalls(execution);
    worker = await startWorker();

    expect(await execution.result()).toMatchObject({ status: 'delivered' });
    const calls = ['/1', '/2', '/3'].map((path) => receiver.to(path).length);
    expect(calls.slice(0, finished)).toEqual(Array(finished).fill(1));
    expect(Math.max(...calls)).toBeLessThanOrEqual(2);
  });
});

describe('a worker that is killed in the middle of a POST', () => {
  it('is replaced by one that sends that call once more, with the same execution_id and no retries', async () => {
    let held = 0;
    const execution = await startChain((request, response) => {
      if (request.path === '/2' && (held += 1) === 1) return;
      ok(request, response);
    });
    await receiver.received(1, '/2');
    await worker.kill('SIGKILL');
    worker = await startWorker();

    expect(await execution.result()).toMatchObject({ status: 'delivered' });
    expect(['/1', '/2', '/3'].map((path) => receiver.to(path).length)).toEqual([1, 2, 1]);
    const [first, again] = receiver.to('/2').map(({ text }) => text);
    expect(again).toBe(first);
  });
});

describe('a worker that is killed while an execution waits for a retry', () => {
  it('is replaced by one that makes the retry', async () => {
    let calls = 0;
    const execution = await startChain(
      (request, response) => {
        calls += 1;
        if (calls === 1) response.writeHead(503).end();
        else ok(request, response);
      },
      ['3s'],
    );
    await untilStatus(execution, 'waiting_for_retry');
    await worker.kill('SIGKILL');
    worker = await startWorker();

    expect(await execution.result()).toMatchObject({ status: 'delivered' });
    expect(receiver.to('/1').map(({ json }) => json['retries'])).toEqual([undefined, 1]);
  });
});

describe('a worker that is told to stop in the middle of a POST', () => {
  it('waits for the answer, so that the call is not sent again', async () => {
    let answer: () => void = () => undefined;
    const execution = await startChain((request, response) => {
      if (request.path !== '/2') ok(request, response);
      else answer = () => response.end('{}');
    });
    await receiver.received(1, '/2');
    const stopped = worker.kill('SIGTERM');
    await worker.program.printed(/Stopping/);
    answer();
    expect(await stopped).toBe(0);
    worker = await startWorker();

    expect(await execution.result()).toMatchObject({ status: 'delivered' });
    expect(receiver.to('/2')).toHaveLength(1);
  });
});
