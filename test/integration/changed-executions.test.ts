import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  ChangedExecutions,
  lookAtExecutions,
  type ExecutionChange,
} from '../../src/client/changed-executions';
import { TASK_QUEUE, workflowIdOf } from '../../src/shared/ids';
import { RULE_WORKSPACE } from '../../src/shared/search-attributes';
import { until } from '../support/executions';
import { createLocalEnvironment } from '../support/temporal';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createLocalEnvironment();
});
afterAll(() => environment.teardown());

/** Reads on until a change is as wanted. */
async function next(
  changes: AsyncGenerator<ExecutionChange>,
  wanted: (change: ExecutionChange) => boolean,
): Promise<ExecutionChange> {
  for (;;) {
    const result = await changes.next();
    if (result.done === true) throw new Error('the changes have ended');
    if (wanted(result.value)) return result.value;
  }
}

function tells(executionId: string, status: string) {
  return (change: ExecutionChange) =>
    change.kind === 'changed' &&
    change.executions.some((each) => each.execution_id === executionId && each.status === status);
}

/** Begins an execution that no worker takes up. */
function start(workspace: string, executionId = randomUUID()) {
  return environment.client.workflow.start('executeRule', {
    taskQueue: TASK_QUEUE,
    workflowId: workflowIdOf(executionId),
    args: [{ executionId, workspace }],
    typedSearchAttributes: [{ key: RULE_WORKSPACE, value: workspace }],
  });
}

it('tells all listeners which executions began and ended, and those of no other workspace', async () => {
  const [workspace, other] = [randomUUID(), randomUUID()];
  const end = new AbortController();
  const changed = new ChangedExecutions((each) => lookAtExecutions(environment.client, each));
  const [first, second] = [changed.follow(workspace, end.signal), changed.follow(workspace, end.signal)];
  const told = Promise.all([first.next(), second.next()]);
  let isTold = false;
  void told.then(() => (isTold = true));
  await start(other);
  // Until one is told: what had begun before the first look is no news.
  const begun = await until(async () => {
    const handle = await start(workspace);
    return isTold ? handle : undefined;
  });
  const seen = (await told).map(({ value }) => value as ExecutionChange);
  for (const change of seen) expect(change).toMatchObject({ kind: 'changed', more: false });
  await begun.terminate();
  await next(first, tells(begun.workflowId.split('/')[1] ?? '', 'terminated'));
  end.abort();
  await expect(first.next()).rejects.toThrow();
});
