import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { startDispatcher } from '../../src/client/start-dispatcher';
import { DEFAULT_WORKSPACE, dispatchWorkflowIdOf } from '../../src/shared/ids';
import { DISPATCH_BATCH, MAX_BATCHES_PER_RUN } from '../../src/shared/limits';
import type { dispatchEvent } from '../../src/workflows/dispatch-event';
import { getDispatch } from '../../src/workflows/messages';
import { until } from '../support/executions';
import type { Lab, Scenario } from './scenarios';

type Dispatch = WorkflowHandle<typeof dispatchEvent>;

/** Starts a dispatcher; the handle is that of its first run alone. */
async function dispatch(lab: Lab, matched: number): Promise<Dispatch> {
  const eventId = randomUUID();
  const { client } = lab.executions;
  await startDispatcher(client, { workspace: DEFAULT_WORKSPACE, eventId, eventKey: eventId, matched });
  const workflowId = dispatchWorkflowIdOf(DEFAULT_WORKSPACE, eventId);
  const { runId } = await client.workflow.getHandle(workflowId).describe();
  return client.workflow.getHandle<typeof dispatchEvent>(workflowId, runId, { followRuns: false });
}

/** Holds the second batch until the dispatcher was told to cancel. */
async function cancelInSecondBatch(lab: Lab, matched: number): Promise<Dispatch> {
  let release: (() => void) | undefined;
  const { startBatch } = lab;
  lab.startBatch = async (batch) => {
    if (batch.offset > 0) await new Promise<void>((resolve) => (release = resolve));
    return startBatch(batch);
  };
  const handle = await dispatch(lab, matched);
  const letGo = await until(async () => release);
  await handle.cancel();
  await until(async () => {
    const { events } = await handle.fetchHistory();
    return events?.find((event) => event.activityTaskCancelRequestedEventAttributes);
  });
  letGo();
  return handle;
}

const TOO_MANY = DISPATCH_BATCH * MAX_BATCHES_PER_RUN + 1;

/** The ways through `dispatchEvent`. */
export const dispatchScenarios: Scenario[] = [
  {
    case: 'dispatched',
    shows: '120 executions in three batches; a query on the way',
    async run(lab: Lab) {
      const handle = await dispatch(lab, 120);
      await handle.query(getDispatch);
      return handle;
    },
  },
  {
    case: 'dispatched-again',
    shows: 'some executions are there already',
    run(lab: Lab) {
      lab.startBatch = async ({ limit }) => ({ started: limit - 20, existed: 20 });
      return dispatch(lab, 100);
    },
  },
  {
    case: 'dispatched-after-a-fault-of-ours',
    shows: 'the store is away for the second batch: the activity is retried',
    run(lab: Lab) {
      const { startBatch } = lab;
      let calls = 0;
      lab.startBatch = async (batch) => {
        if ((calls += 1) === 2) throw new Error('the store is away');
        return startBatch(batch);
      };
      return dispatch(lab, 100);
    },
  },
  {
    case: 'dispatch-continued-as-new',
    shows: 'a hundred batches, and then one more in another run',
    run: (lab: Lab) => dispatch(lab, TOO_MANY),
  },
  {
    case: 'dispatched-in-a-second-run',
    shows: 'the run after it: it goes on where the first one ended',
    async run(lab: Lab) {
      const first = await dispatch(lab, TOO_MANY);
      await first.result().catch(() => undefined);
      return lab.executions.client.workflow.getHandle<typeof dispatchEvent>(first.workflowId);
    },
  },
  {
    case: 'dispatch-of-an-event-that-is-gone',
    shows: 'the event is not on record any more after the first batch: the workflow fails',
    run(lab: Lab) {
      const { startBatch } = lab;
      lab.startBatch = async (batch) => (batch.offset === 0 ? startBatch(batch) : undefined);
      return dispatch(lab, 100);
    },
  },
  {
    case: 'dispatch-cancelled',
    shows: 'cancelled during the second of three batches: that one is waited for, the third is not started',
    run: (lab: Lab) => cancelInSecondBatch(lab, 150),
  },
  {
    case: 'dispatch-cancelled-too-late',
    shows: 'cancelled during the last batch, which is started: so the dispatcher ends as completed',
    run: (lab: Lab) => cancelInSecondBatch(lab, 100),
  },
  {
    case: 'dispatch-cancelled-before-it-began',
    shows: 'cancelled before a worker saw it: nothing is started',
    async run(lab: Lab) {
      await lab.executions.stop();
      const handle = await dispatch(lab, 100);
      await handle.cancel();
      await lab.startWorker();
      return handle;
    },
  },
].map((scenario) => ({ ...scenario, clock: 'real', workflowType: 'dispatchEvent' }));
