import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { showExecution, type ExecutionDetail } from '../../src/client/executions';
import { DEFAULT_WORKSPACE } from '../../src/shared/ids';
import { Executions, untilStatus, type Execution } from '../support/executions';
import { answerBytes, answerJson, Receiver } from '../support/receiver';
import { serverExecutable } from '../support/server-executable';
import { createLocalEnvironment } from '../support/temporal';
import { temporaryFolder } from '../support/temporary-folder';

const run = promisify(execFile);

let environment: TestWorkflowEnvironment;
let executions: Executions;
let receiver: Receiver;
/** What the receiver answers with. */
let status = 200;
let cli: string;

beforeAll(async () => {
  [environment, receiver, cli] = await Promise.all([
    createLocalEnvironment(),
    Receiver.start((request, response) => {
      (status === 200 ? answerJson(200, { ok: true }) : answerBytes('', {}, status))(request, response);
    }),
    serverExecutable('cli'),
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
function startWith(answer: number, rule: { paused_at?: string } = {}): Promise<Execution> {
  status = answer;
  receiver.requests.length = 0;
  executions.rulebook.put({ urls: [`${receiver.url}/hook`], ...rule });
  return executions.trigger();
}

/** Runs `temporal workflow …`. @returns all that it prints; it rejects when that ends with an error */
async function temporal(...args: string[]): Promise<string> {
  // Whatever profile this machine has is not meant.
  const env = { TEMPORAL_ADDRESS: environment.address, HOME: temporaryFolder() };
  const { stdout, stderr } = await run(cli, ['workflow', ...args], { env });
  return stdout + stderr;
}

function update(execution: Execution, name: string): Promise<string> {
  return temporal('update', 'execute', '--workflow-id', execution.workflowId, '--name', name);
}

async function shown(execution: Execution): Promise<ExecutionDetail | undefined> {
  const { executionId } = await execution.query<{ executionId: string }>('getExecution');
  return showExecution(executions.client, DEFAULT_WORKSPACE, executionId);
}

describe('with Temporal’s own command line, an execution', () => {
  it('is paused and resumed, each once', async () => {
    const execution = await startWith(503);
    await untilStatus(execution, 'waiting_for_retry');
    expect(await update(execution, 'pause')).toMatch(/Result +map\[paused:true\]/);
    await untilStatus(execution, 'paused');
    await expect(update(execution, 'pause')).rejects.toThrow('it is paused already');
    expect(await update(execution, 'resume')).toMatch(/Result +map\[paused:false\]/);
    await untilStatus(execution, 'waiting_for_retry');
    await expect(update(execution, 'resume')).rejects.toThrow('it is not paused');
    await execution.terminate();
  });

  it('that waits is retried now, which says which attempt that is', async () => {
    const execution = await startWith(503);
    await untilStatus(execution, 'waiting_for_retry');
    status = 200;
    expect(await update(execution, 'retryNow')).toMatch(/Result +map\[attempt:2\]/);
    expect(await execution.result()).toMatchObject({ status: 'delivered' });
    expect(receiver.requests).toHaveLength(2);
  });

  it('that is held is released, and looks at once whether it may go on', async () => {
    const execution = await startWith(200, { paused_at: '2026-07-10T00:00:00.000Z' });
    await untilStatus(execution, 'held');
    executions.rulebook.put({ urls: [`${receiver.url}/hook`] });
    await temporal('signal', '--workflow-id', execution.workflowId, '--name', 'release');
    expect(await execution.result()).toMatchObject({ status: 'delivered' });
  });

  // It takes no reason for a single execution, and that of a query stays with Temporal's batch job.
  it('is cancelled, and says by whom', async () => {
    const execution = await startWith(503);
    await untilStatus(execution, 'waiting_for_retry');
    await temporal('cancel', '--workflow-id', execution.workflowId, '--identity', 'ada@ops');
    await expect(execution.result()).rejects.toThrow('Workflow execution cancelled');
    expect(await shown(execution)).toMatchObject({
      status: 'cancelled',
      cancellation: { by: 'ada@ops', reason: null },
    });
    expect(receiver.requests).toHaveLength(1);
  });

  it('says which of these it understands', async () => {
    const execution = await startWith(503);
    await untilStatus(execution, 'waiting_for_retry');
    const metadata = await temporal('metadata', '--workflow-id', execution.workflowId, '--output', 'json');
    for (const name of ['retryNow', 'pause', 'resume', 'release']) expect(metadata).toContain(`"${name}"`);
    await execution.terminate();
  });
});
