import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { executeRule } from '../../src/workflows/execute-rule';
import type { ExecutionStatus } from '../../src/shared/execution-status';
import { sampleEvent } from '../support/events';
import { until, untilStatus, type Execution } from '../support/executions';
import { answerJson, Receiver } from '../support/receiver';
import { rulebookDocument } from '../support/rules-file';
import { ServiceProcess } from '../support/service';
import { SmtpTestServer } from '../support/smtp';
import { createLocalEnvironment } from '../support/temporal';
import { temporaryFolder } from '../support/temporary-folder';

/** The rules of this test, each named after how its execution stands when the worker is killed. */
const STATES = ['waiting_for_retry', 'held', 'paused', 'escalating'] as const satisfies ExecutionStatus[];
type State = (typeof STATES)[number];

let environment: TestWorkflowEnvironment;
let receiver: Receiver;
let smtp: SmtpTestServer;
let worker: ServiceProcess;
const executions = new Map<string, Execution>();

const execution = (state: State): Execution => {
  const found = executions.get(state);
  if (found === undefined) throw new Error(`none is ${state}`);
  return found;
};

/** The call of each rule fails the first time. */
async function startReceiver(): Promise<Receiver> {
  const called = new Set<string>();
  const ok = answerJson(200, { ok: true });
  return Receiver.start((request, response) => {
    if (called.has(request.path)) ok(request, response);
    else response.writeHead(503).end();
    called.add(request.path);
  });
}

/** Brings an execution into each state, kills the worker, and lets another one take its place. */
async function killInEachState(): Promise<void> {
  const folder = temporaryFolder();
  const start = () =>
    ServiceProcess.start(folder, {
      TEMPORAL_ADDRESS: environment.address,
      SMTP_URL: smtp.url(),
      MAIL_FROM: 'rules@example.com',
    });
  worker = await start();
  const schedules: Partial<Record<State, string[]>> = { waiting_for_retry: ['15s'], escalating: [] };
  const rules = STATES.map((id) => ({
    id,
    urls: [`${receiver.url}/${id}`],
    retry_schedule: schedules[id] ?? ['1h'],
  }));
  await worker.call('PUT', '/v1/rules', rulebookDocument(...rules));
  await worker.call('POST', '/v1/rules/held/pause');
  const { body } = await worker.event(sampleEvent({ id: folder }));
  for (const { rule_id: rule, workflow_id: id } of body.executions) {
    executions.set(rule, environment.client.workflow.getHandle<typeof executeRule>(id));
  }
  const { executionId } = await untilStatus(execution('paused'), 'waiting_for_retry');
  await worker.call('POST', `/v1/executions/${executionId}/pause`);
  for (const state of STATES) await untilStatus(execution(state), state);
  // Between two tries of the mail: one that is killed within a try is noticed two minutes later.
  await until(async () => {
    const { raw } = await execution('escalating').describe();
    return raw.pendingActivities?.some(({ attempt }) => (attempt ?? 0) > 1) ? true : undefined;
  });
  await worker.kill('SIGKILL');
  smtp.behaviour = 'accept';
  worker = await start();
}

beforeAll(async () => {
  [environment, receiver, smtp] = await Promise.all([
    createLocalEnvironment(),
    startReceiver(),
    SmtpTestServer.start(),
  ]);
  smtp.behaviour = 'refuse';
  await killInEachState();
});
afterAll(async () => {
  await worker.kill('SIGKILL');
  await Promise.all([receiver.close(), smtp.stop(), environment.teardown()]);
});

describe('a worker that is killed is replaced by one that', () => {
  it('still has held what was held, and makes its first call when its rule is resumed', async () => {
    await untilStatus(execution('held'), 'held');
    expect(receiver.to('/held')).toEqual([]);
    await worker.call('POST', '/v1/rules/held/resume');
    await receiver.received(1, '/held');
    expect(receiver.to('/held')[0]?.json).not.toHaveProperty('retries');
  });

  it('still has paused what was paused, and makes the retry of one that is told so', async () => {
    const { executionId } = await untilStatus(execution('paused'), 'paused');
    const retried = await worker.call('POST', `/v1/executions/${executionId}/retry`);
    expect(retried.body).toMatchObject({ attempt: 2 });
    expect(await execution('paused').result()).toMatchObject({ status: 'delivered' });
  });

  it('makes the retry that was waited for, once', async () => {
    expect(await execution('waiting_for_retry').result()).toMatchObject({ status: 'delivered' });
    expect(receiver.to('/waiting_for_retry').map(({ json }) => json['retries'])).toEqual([undefined, 1]);
  });

  it('sends the e-mail that was on its way', async () => {
    expect(await execution('escalating').result()).toMatchObject({ status: 'escalated' });
    // Later comes the one that the receiver works again.
    const escalations = smtp.received.filter(({ mail }) => mail.subject?.includes('Failed Webhook Request'));
    expect(escalations.map(({ recipients }) => recipients)).toEqual([['ada@example.com']]);
  });
});
