import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { TypedSearchAttributes } from '@temporalio/common';
import { countByStatus } from '../../src/client/execution-counts';
import { ExecutionOutcomes, totalOf, type OutcomeCounts } from '../../src/client/execution-outcomes';
import { listExecutions } from '../../src/client/executions';
import { startExecution } from '../../src/client/start-execution';
import type { ExecutionFilter } from '../../src/shared/execution-filter';
import { workflowIdOf } from '../../src/shared/ids';
import { RULE_WORKSPACE } from '../../src/shared/search-attributes';
import { timeParts } from '../../src/shared/time-parts';
import { retryNow } from '../../src/workflows/messages';
import { Executions, scoreDrop, until, untilStatus } from '../support/executions';
import { answerBytes, Receiver } from '../support/receiver';
import { createLocalEnvironment } from '../support/temporal';

const workspace = 'figures';
const none = { running: 0, delivered: 0, escalated: 0, cancelled: 0, abandoned: 0, failed: 0, terminated: 0 };

let environment: TestWorkflowEnvironment;
let executions: Executions;
let receiver: Receiver;
/** What the receiver answers now. */
let status = 200;
/** When the first half of the executions had begun. Milliseconds since 1970. */
let middle: number;

beforeAll(async () => {
  environment = await createLocalEnvironment();
  executions = await Executions.start(environment, {
    send: async ({ messageId }) => ({ messageId, receipt: '250 OK' }),
  });
  receiver = await Receiver.start((request, response) => {
    answerBytes('', {}, status)(request, response);
  });
  await run('delivered');
  await run('escalated');
  await leave('abandoned');
  middle = Date.now() + 1;
  await until(async () => (Date.now() > middle ? true : undefined));
  await run('escalated');
  await leave('cancelled');
  await leave('terminated');
  await leave('waiting');
  await timeOut();
  // Lists follow an execution by a moment.
  await until(async () => {
    const { items } = await listExecutions(executions.client, { workspace }, { limit: 50 });
    const going = items.filter(({ ended_at: endedAt }) => endedAt === null);
    return items.length === 8 && going.length === 1 ? true : undefined;
  });
});
afterAll(async () => {
  await executions.stop();
  await receiver.close();
  await environment.teardown();
});

/** Has an execution run to its end. */
async function run(ending: 'delivered' | 'escalated'): Promise<void> {
  status = ending === 'delivered' ? 200 : 503;
  executions.rulebook.put({ id: ending, urls: [receiver.url], retry_schedule: [] });
  const execution = await executions.trigger(scoreDrop(), { workspace });
  await execution.result();
  executions.rulebook.delete(ending);
}

/** Has an execution wait for its retry, and ends it, or not. */
async function leave(ending: 'abandoned' | 'cancelled' | 'terminated' | 'waiting'): Promise<void> {
  status = 503;
  executions.rulebook.put({ id: ending, urls: [receiver.url], retry_schedule: ['1h'] });
  const planned = executions.plan(scoreDrop(), { workspace });
  await startExecution(executions.client, planned);
  const execution = executions.handle(planned);
  await untilStatus(execution, 'waiting_for_retry');
  if (ending === 'cancelled') await execution.cancel();
  if (ending === 'terminated') await execution.terminate();
  if (ending === 'abandoned') {
    executions.rulebook.delete(ending);
    await execution.executeUpdate(retryNow);
  }
}

/** One that nobody works on. */
async function timeOut(): Promise<void> {
  const execution = await environment.client.workflow.start('executeRule', {
    workflowId: workflowIdOf('timed-out'),
    taskQueue: 'nobody',
    workflowExecutionTimeout: 1_000,
    typedSearchAttributes: new TypedSearchAttributes([{ key: RULE_WORKSPACE, value: workspace }]),
  });
  await expect(execution.result()).rejects.toThrow();
}

async function outcomes(few?: number, filter: Partial<ExecutionFilter> = {}): Promise<OutcomeCounts[]> {
  const length = 60_000;
  const parts = timeParts({ from: middle - length, to: middle + length }, 2, 1);
  const found = await new ExecutionOutcomes(executions.client, few).of({ workspace, ...filter }, parts);
  expect(found.map(({ from, to }) => ({ from, to }))).toEqual(parts);
  return found.map(({ counts }) => counts);
}

describe.each([
  ['few, that are read', undefined],
  ['many', 0],
])('outcomes of executions that are %s', (_case, few) => {
  it('are counted by when they began', async () => {
    expect(await outcomes(few)).toEqual([
      { ...none, delivered: 1, escalated: 1, abandoned: 1 },
      { ...none, running: 1, escalated: 1, cancelled: 1, failed: 1, terminated: 1 },
    ]);
  });

  it.each<[NonNullable<ExecutionFilter['status']>, Partial<OutcomeCounts>]>([
    ['escalated', { escalated: 2 }],
    ['delivered', { delivered: 1 }],
    ['waiting_for_retry', { running: 1 }],
  ])('are those that a list of status %s would have', async (wanted, expected) => {
    const counts = await outcomes(few, { status: wanted });
    expect(totalOf(counts.map((each) => ({ from: '', to: '', counts: each })))).toEqual({
      ...none,
      ...expected,
    });
  });

  it('are none of another workspace', async () => {
    expect(await outcomes(few, { workspace: 'other' })).toEqual([none, none]);
  });
});

it('executions of all workspaces are counted by status', async () => {
  expect(await countByStatus(executions.client)).toEqual({
    delivering: 0,
    waiting_for_retry: 1,
    held: 0,
    paused: 0,
    escalating: 0,
    delivered: 1,
    escalated: 2,
    abandoned: 1,
    cancelled: 1,
    failed: 1,
    terminated: 1,
  });
});
