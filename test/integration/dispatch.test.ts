import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { StartBatch } from '../../src/activities/start-executions';
import { startDispatcher } from '../../src/client/start-dispatcher';
import { startExecution } from '../../src/client/start-execution';
import { DEFAULT_WORKSPACE, dispatchWorkflowIdOf } from '../../src/shared/ids';
import { DISPATCH_BATCH } from '../../src/shared/limits';
import type { dispatchEvent } from '../../src/workflows/dispatch-event';
import { getDispatch } from '../../src/workflows/messages';
import { Executions, scoreDrop, until } from '../support/executions';
import { answerJson, Receiver } from '../support/receiver';
import { createLocalEnvironment } from '../support/temporal';

let environment: TestWorkflowEnvironment;
let executions: Executions;
let receiver: Receiver;
let startBatch: StartBatch;

beforeAll(async () => {
  environment = await createLocalEnvironment();
  const noMail = { send: () => Promise.reject(new Error('no mail is expected')) };
  executions = await Executions.start(environment, noMail, { startBatch: (batch) => startBatch(batch) });
  receiver = await Receiver.start(answerJson(200, {}));
  executions.rulebook.put({ urls: [receiver.url] });
});
afterAll(async () => {
  await executions.stop();
  await receiver.close();
  await environment.teardown();
});

/** Starts the dispatcher of an event that matched so many rules. */
async function dispatch(matched: number, eventKey: string = randomUUID()) {
  const event = { workspace: DEFAULT_WORKSPACE, eventId: eventKey, eventKey, matched };
  const started = await startDispatcher(executions.client, event);
  const id = dispatchWorkflowIdOf(DEFAULT_WORKSPACE, eventKey);
  return { started, handle: environment.client.workflow.getHandle<typeof dispatchEvent>(id) };
}

/** Starts executions as the intake does: each match is an execution of its own. */
const startReally: StartBatch = async ({ eventKey, offset, limit }) => {
  const batch = { started: 0, existed: 0 };
  for (let number = offset; number < Math.min(offset + limit, 60); number += 1) {
    const execution = executions.plan(scoreDrop(`${eventKey}/${number}`));
    batch[(await startExecution(executions.client, execution)) ? 'started' : 'existed'] += 1;
  }
  return batch;
};

describe('a dispatcher', () => {
  it('starts each execution once, though a batch breaks off and is repeated', async () => {
    let batches = 0;
    startBatch = async (batch) => {
      const done = await startReally(batch);
      if ((batches += 1) === 1) throw new Error('Temporal went away after the last start of the batch');
      return done;
    };
    const { handle } = await dispatch(60);
    expect(await handle.result()).toEqual({ started: 10, existed: 50 });
    await receiver.received(60);
    const ids = receiver.requests.map(({ json }) => json['execution_id']);
    expect([ids.length, new Set(ids).size]).toEqual([60, 60]);
  });

  it('goes through all matches, in order and without a gap', async () => {
    const offsets: number[] = [];
    startBatch = async ({ offset, limit }) => {
      offsets.push(offset);
      return { started: limit, existed: 0 };
    };
    await (await dispatch(3 * DISPATCH_BATCH + 1)).handle.result();
    expect(offsets).toEqual([0, 1, 2, 3].map((number) => number * DISPATCH_BATCH));
  });

  it('of one event is started once', async () => {
    startBatch = async () => ({ started: 1, existed: 0 });
    const key = randomUUID();
    expect([(await dispatch(1, key)).started, (await dispatch(1, key)).started]).toEqual([true, false]);
  });

  it('fails when the event is not on record any more', async () => {
    startBatch = async () => undefined;
    const { handle } = await dispatch(1);
    await expect(handle.result()).rejects.toMatchObject({ cause: { cause: { type: 'EventGone' } } });
  });

  it('tells how far it is', async () => {
    let release: (() => void) | undefined;
    startBatch = async ({ offset, limit }) => {
      if (offset > 0) await new Promise<void>((resolve) => (release = resolve));
      return { started: limit, existed: 0 };
    };
    const { handle } = await dispatch(2 * DISPATCH_BATCH);
    const letGo = await until(async () => release);
    expect(await handle.query(getDispatch)).toEqual({
      matched: 2 * DISPATCH_BATCH,
      offset: DISPATCH_BATCH,
      started: DISPATCH_BATCH,
      existed: 0,
    });
    letGo();
    await handle.result();
  });

  it('says on the workflow which event it is for', async () => {
    startBatch = async () => ({ started: 1, existed: 0 });
    const { handle } = await dispatch(1, 'evt_1');
    await handle.result();
    expect(await (await handle.describe()).staticSummary()).toBe('1 executions · event evt_1');
  });
});
