import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { OperatedExecutions } from '../../src/activities/bulk';
import { startBulkOperation } from '../../src/client/start-bulk-operation';
import { bulkWorkflowIdOf, DEFAULT_WORKSPACE } from '../../src/shared/ids';
import { BULK_BATCH, MAX_BATCHES_PER_RUN, MAX_BULK_RATE } from '../../src/shared/limits';
import type { bulkOperation } from '../../src/workflows/bulk-operation';
import { getBulkOperation } from '../../src/workflows/messages';
import { until } from '../support/executions';
import type { Lab, Scenario } from './scenarios';

type Operation = WorkflowHandle<typeof bulkOperation>;

/** Executions that are there in name: each is done, unless told. */
function selected(
  count: number,
  act: OperatedExecutions['act'] = async () => ({ outcome: 'done' }),
): OperatedExecutions {
  return {
    count: async () => count,
    page: async (_filter, { limit, cursor = '0' }) => {
      const [offset, size] = [Number(cursor), Math.min(limit, count - Number(cursor))];
      const items = Array.from({ length: size }, (_, index) => ({ execution_id: `x-${offset + index + 1}` }));
      return { items, nextCursor: offset + size < count ? String(offset + size) : null };
    },
    act,
  };
}

/** Starts an operation; the handle is that of its first run alone. */
async function operate(lab: Lab, perSecond = MAX_BULK_RATE): Promise<Operation> {
  const id = randomUUID();
  await startBulkOperation(lab.executions.client, {
    id,
    workspace: DEFAULT_WORKSPACE,
    action: 'retry',
    filter: { ruleId: 'watch', status: 'waiting_for_retry' },
    perSecond,
    requestedBy: 'key/k_1',
  });
  // The environment's client is the one whose waiting for a result lets a time-skipping server skip.
  const { workflow } = lab.environment.client;
  const workflowId = bulkWorkflowIdOf(DEFAULT_WORKSPACE, id);
  const { runId } = await workflow.getHandle(workflowId).describe();
  return workflow.getHandle<typeof bulkOperation>(workflowId, runId, { followRuns: false });
}

/** Holds the second batch until the operation was told to cancel. */
async function cancelInSecondBatch(lab: Lab, count: number): Promise<Operation> {
  let release: (() => void) | undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let isSecond = false;
  lab.operated = selected(count, async ({ executionId }) => {
    if (Number(executionId.slice(2)) > BULK_BATCH) {
      isSecond = true;
      await released;
    }
    return { outcome: 'done' };
  });
  const handle = await operate(lab);
  await until(async () => isSecond || undefined);
  await handle.cancel();
  await until(async () => {
    const { events } = await handle.fetchHistory();
    return events?.find((event) => event.activityTaskCancelRequestedEventAttributes);
  });
  release?.();
  return handle;
}

const TOO_MANY = BULK_BATCH * MAX_BATCHES_PER_RUN + 1;

const scenarios: Omit<Scenario, 'workflowType'>[] = [
  {
    case: 'bulk-done',
    shows: '120 executions in three batches; a query on the way',
    clock: 'real',
    async run(lab) {
      lab.operated = selected(120);
      const handle = await operate(lab);
      await handle.query(getBulkOperation);
      return handle;
    },
  },
  {
    case: 'bulk-of-nothing',
    shows: 'nothing fits: counted, looked for, ended',
    clock: 'real',
    async run(lab) {
      lab.operated = selected(0);
      return operate(lab);
    },
  },
  {
    case: 'bulk-refused',
    shows: 'every second execution refuses, or is not there any more',
    clock: 'real',
    async run(lab) {
      lab.operated = selected(60, async ({ executionId }) => {
        const number = Number(executionId.slice(2));
        if (number % 2 === 0) return { outcome: 'done' };
        return number > 50 ? { outcome: 'not-found' } : { outcome: 'refused', reason: 'nothing waits' };
      });
      return operate(lab);
    },
  },
  {
    case: 'bulk-after-a-fault-of-ours',
    shows: 'Temporal is away for one execution of the second batch: the batch is repeated',
    clock: 'real',
    async run(lab) {
      let isAway = true;
      lab.operated = selected(60, async ({ executionId }) => {
        if (executionId !== 'x-55' || !isAway) return { outcome: 'done' };
        isAway = false;
        throw new Error('Temporal is away');
      });
      return operate(lab);
    },
  },
  {
    case: 'bulk-continued-as-new',
    shows: 'a hundred batches, and then one more in another run',
    clock: 'skipped',
    async run(lab) {
      lab.operated = selected(TOO_MANY);
      return operate(lab);
    },
  },
  {
    case: 'bulk-in-a-second-run',
    shows: 'the run after it: it goes on where the first one ended, and does not count again',
    clock: 'skipped',
    async run(lab) {
      lab.operated = selected(TOO_MANY);
      const first = await operate(lab);
      await first.result().catch(() => undefined);
      return lab.environment.client.workflow.getHandle<typeof bulkOperation>(first.workflowId);
    },
  },
  {
    case: 'bulk-failed',
    shows: 'the server does not know its own cursor any more after the first batch: the workflow fails',
    clock: 'real',
    async run(lab) {
      const fake = selected(60);
      lab.operated = {
        ...fake,
        page: async (filter, at) => {
          if (at.cursor !== undefined) throw ApplicationFailure.nonRetryable('the cursor is not known');
          return fake.page(filter, at);
        },
      };
      return operate(lab);
    },
  },
  {
    case: 'bulk-cancelled',
    shows: 'cancelled during the second of three batches: that one is waited for, the third is not begun',
    clock: 'real',
    run: (lab) => cancelInSecondBatch(lab, 150),
  },
  {
    case: 'bulk-cancelled-too-late',
    shows: 'cancelled during the last batch, which is done: so nothing was left out',
    clock: 'real',
    run: (lab) => cancelInSecondBatch(lab, 100),
  },
  {
    case: 'bulk-cancelled-between-batches',
    shows: 'cancelled while the rate holds it back: ended at once',
    clock: 'real',
    async run(lab) {
      lab.operated = selected(150);
      const handle = await operate(lab, BULK_BATCH);
      await until(async () => {
        const { events } = await handle.fetchHistory();
        return events?.find((event) => event.timerStartedEventAttributes);
      });
      await handle.cancel();
      return handle;
    },
  },
  {
    case: 'bulk-cancelled-before-it-began',
    shows: 'cancelled before a worker saw it: nothing is counted or done',
    clock: 'real',
    async run(lab) {
      await lab.executions.stop();
      const handle = await operate(lab);
      await handle.cancel();
      await lab.startWorker();
      return handle;
    },
  },
];

/** The ways through `bulkOperation`. */
export const bulkScenarios: Scenario[] = scenarios.map((scenario) => ({
  ...scenario,
  workflowType: 'bulkOperation',
}));
