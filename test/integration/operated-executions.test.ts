import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { actOnExecution } from '../../src/client/execution-actions';
import { listExecutions, showExecution, type ExecutionDetail } from '../../src/client/executions';
import { restartExecution, type RestartRequest } from '../../src/client/restart-execution';
import type { ActionOutcome, ExecutionAction } from '../../src/shared/execution-actions';
import { DEFAULT_WORKSPACE } from '../../src/shared/ids';
import { Executions, until, untilStatus, type Execution } from '../support/executions';
import { answerBytes, answerJson, Receiver } from '../support/receiver';
import { createLocalEnvironment } from '../support/temporal';

const workspace = DEFAULT_WORKSPACE;

let environment: TestWorkflowEnvironment;
let executions: Executions;
let receiver: Receiver;
/** What the receiver answers with. */
let status = 200;

beforeAll(async () => {
  [environment, receiver] = await Promise.all([
    createLocalEnvironment(),
    Receiver.start((request, response) => {
      (status === 200 ? answerJson(200, { ok: true }) : answerBytes('', {}, status))(request, response);
    }),
  ]);
  executions = await Executions.start(environment, {
    send: async ({ messageId }) => ({ messageId, receipt: '250 OK' }),
  });
});
afterAll(async () => {
  await executions.stop();
  await Promise.all([receiver.close(), environment.teardown()]);
});

/** Begins an execution of a rule whose receiver answers as told. */
async function startWith(answer: number, rule: { paused_at?: string; retry_schedule?: string[] } = {}) {
  status = answer;
  executions.rulebook.put({ urls: [`${receiver.url}/hook`], ...rule });
  return executions.trigger();
}

function restart(executionId: string, from: RestartRequest['from']): Promise<ActionOutcome> {
  const { client, rulebook } = executions;
  return restartExecution({ client, rulebook }, { workspace, executionId, from });
}

async function shown(executionId: string): Promise<ExecutionDetail | undefined> {
  return showExecution(executions.client, workspace, executionId);
}

async function escalated(): Promise<string> {
  return (await (await startWith(503, { retry_schedule: [] })).result()).executionId;
}

describe('an execution that was restarted', () => {
  it('and the new one name each other', async () => {
    const executionId = await escalated();
    status = 200;
    const outcome = await restart(executionId, 'failed');
    const restartedAs = outcome.outcome === 'done' ? (outcome.restartedAs ?? '') : '';
    expect((await shown(executionId))?.restarted_as).toBe(restartedAs);
    expect((await shown(restartedAs))?.restart_of).toBe(executionId);
    expect(await executions.handle({ executionId: restartedAs }).result()).toMatchObject({
      status: 'delivered',
      restartOf: executionId,
    });
  });

  it('is not restarted a second time, in whatever way', async () => {
    const executionId = await escalated();
    const first = await restart(executionId, 'start');
    const second = await restart(executionId, 'failed');
    expect([first.outcome, second.outcome]).toEqual(['done', 'refused']);
    expect(second).toMatchObject({ restartedAs: 'restartedAs' in first ? first.restartedAs : '' });
  });

  it('has a restart that can be restarted', async () => {
    const first = await restart(await escalated(), 'failed');
    const restartedAs = 'restartedAs' in first ? (first.restartedAs ?? '') : '';
    await executions.handle({ executionId: restartedAs }).result();
    expect(await restart(restartedAs, 'failed')).toMatchObject({ outcome: 'done' });
  });
});

describe('an execution that is not restarted', () => {
  it.each([
    ['failed' as const, 'each of its steps was delivered or skipped', true],
    ['start' as const, 'the execution has not ended', false],
  ])('from %s: %s', async (from, reason, isDelivered) => {
    const execution = await startWith(isDelivered ? 200 : 503);
    const { executionId } = await untilStatus(execution, isDelivered ? 'delivered' : 'waiting_for_retry');
    if (isDelivered) await execution.result();
    expect(await restart(executionId, from)).toEqual({ outcome: 'refused', reason });
    if (!isDelivered) await execution.terminate();
  });
});

describe('what is asked for again by the same request, as by a bulk operation that was killed,', () => {
  function act(executionId: string, action: ExecutionAction, requestId: string): Promise<ActionOutcome> {
    const { client, rulebook } = executions;
    const request = { action, workspace, executionId, by: 'key/ada', reason: 'sent by mistake', requestId };
    return actOnExecution({ client, rulebook }, request);
  }

  it('is a restart that was made, and made once; by another request it is refused', async () => {
    const executionId = await escalated();
    const first = await act(executionId, 'restart_from_failed', 'bulk-1');
    const again = await act(executionId, 'restart_from_failed', 'bulk-1');
    expect(first).toMatchObject({ outcome: 'done' });
    expect(again).toEqual(first);
    const other = await act(executionId, 'restart_from_failed', 'bulk-2');
    expect(other).toMatchObject({ outcome: 'refused', reason: 'it was restarted before' });
  });

  it('is a cancellation that was made, also once that has ended the execution; by another it is refused', async () => {
    const execution = await startWith(503);
    const { executionId } = await untilStatus(execution, 'waiting_for_retry');
    expect(await act(executionId, 'cancel', 'bulk-1')).toEqual({ outcome: 'done' });
    await execution.result().catch(() => undefined);
    expect(await act(executionId, 'cancel', 'bulk-1')).toEqual({ outcome: 'done' });
    expect(await act(executionId, 'cancel', 'bulk-2')).toMatchObject({
      outcome: 'refused',
      reason: 'the execution has ended',
    });
    expect((await shown(executionId))?.cancellation).toEqual({
      by: 'key/ada (bulk operation bulk-1)',
      reason: 'sent by mistake',
    });
  });
});

it('an execution that has ended is not cancelled any more', async () => {
  const execution = await startWith(200);
  const { executionId } = await execution.result();
  const { client, rulebook } = executions;
  const request = { action: 'cancel', workspace, executionId, by: 'key/ada' } as const;
  expect(await actOnExecution({ client, rulebook }, request)).toEqual({
    outcome: 'refused',
    reason: 'the execution has ended',
  });
});

describe('Temporal’s own tools', () => {
  async function cancel(execution: Execution, identity: string, reason: string): Promise<void> {
    await executions.client.workflowService.requestCancelWorkflowExecution({
      namespace: executions.client.options.namespace,
      workflowExecution: { workflowId: execution.workflowId },
      identity,
      reason,
    });
    await execution.result().catch(() => undefined);
  }

  it('cancel an execution, which shows by whom and why', async () => {
    const execution = await startWith(503);
    const { executionId } = await untilStatus(execution, 'waiting_for_retry');
    await cancel(execution, 'temporal-cli:ada@ops', 'sent by mistake');
    expect(await shown(executionId)).toMatchObject({
      status: 'cancelled',
      cancellation: { by: 'temporal-cli:ada@ops', reason: 'sent by mistake' },
    });
  });

  it('pause, resume and release by the messages’ names', async () => {
    const execution = await startWith(200, { paused_at: '2026-07-10T00:00:00.000Z' });
    await untilStatus(execution, 'held');
    expect(await execution.executeUpdate('pause')).toEqual({ paused: true });
    await untilStatus(execution, 'paused');
    executions.rulebook.put({ urls: [`${receiver.url}/hook`] });
    expect(await execution.executeUpdate('resume')).toEqual({ paused: false });
    await execution.signal('release');
    expect(await execution.result()).toMatchObject({ status: 'delivered' });
  });
});

it('an execution that is held is found by its destination', async () => {
  const execution = await startWith(200, { paused_at: '2026-07-10T00:00:00.000Z' });
  const { executionId } = await untilStatus(execution, 'held');
  const filter = { workspace, status: 'held' as const, destination: receiver.url };
  const found = await until(async () => {
    const { items } = await listExecutions(executions.client, filter, { limit: 10 });
    return items.find((item) => item.execution_id === executionId);
  });
  expect(found.status).toBe('held');
  await execution.terminate();
});
