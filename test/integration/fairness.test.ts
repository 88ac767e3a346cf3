import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { showExecution, type ExecutionDetail } from '../../src/client/executions';
import { startExecution } from '../../src/client/start-execution';
import { DEFAULT_WORKSPACE } from '../../src/shared/ids';
import { Executions, scoreDrop, until, type Execution } from '../support/executions';
import { MemoryRulebook } from '../support/memory-rulebook';
import { Receiver } from '../support/receiver';
import { testRoom } from '../support/room';
import { createLocalEnvironment } from '../support/temporal';

const noMail = { send: () => Promise.reject(new Error('no mail here')) };

let environment: TestWorkflowEnvironment;
let executions: Executions;

beforeAll(async () => {
  environment = await createLocalEnvironment();
  executions = await Executions.start(environment, noMail, { room: testRoom({ maxConcurrent: 1 }) });
});
afterAll(async () => {
  await executions.stop();
  await environment.teardown();
});

let receiver: Receiver;
afterEach(() => receiver.close());

interface Held {
  /** The execution whose call has arrived, and the one that waits for room, as it is shown. */
  calling: Execution;
  waiting: Execution;
  shown: ExecutionDetail;
  /** Lets the receiver answer what it holds, and all that comes after. */
  release: () => void;
}

/** Two executions of one rule, to a destination that has room for one call. */
async function twoWithRoomForOne(): Promise<Held> {
  const held: ServerResponse[] = [];
  let isReleased = false;
  receiver = await Receiver.start((_request, response) => {
    if (isReleased) response.end('{}');
    else held.push(response);
  });
  executions.rulebook.put({ urls: [receiver.url] });
  const calling = await executions.trigger(scoreDrop());
  await receiver.received(1);
  const waiting = await executions.trigger(scoreDrop());
  const id = waiting.workflowId.slice(waiting.workflowId.indexOf('/') + 1);
  const shown = await until(async () => {
    const detail = await showExecution(executions.client, DEFAULT_WORKSPACE, id);
    return detail?.steps[0]?.state === 'waiting_for_room' ? detail : undefined;
  });
  const release = () => {
    isReleased = true;
    for (const response of held) response.end('{}');
  };
  return { calling, waiting, shown, release };
}

describe('a call that waits for room at its destination', () => {
  it('is shown with the reason, and not as an attempt', async () => {
    const { shown, release, waiting } = await twoWithRoomForOne();
    expect(shown).toMatchObject({
      status: 'delivering',
      steps: [
        {
          attempts: [],
          reason: expect.stringMatching(/^no room at http.*: calls under way: 1; looks again at /) as string,
        },
      ],
    });
    release();
    await waiting.result();
  });

  it('is made when there is room, by one activity, and the wait costs no event of the history', async () => {
    const { waiting, release } = await twoWithRoomForOne();
    release();
    await waiting.result();
    const { events } = await waiting.fetchHistory();
    const { EventType } = temporal.api.enums.v1;
    const types = (events ?? []).map(({ eventType }) =>
      (EventType[eventType ?? 0] ?? '').replace('EVENT_TYPE_', ''),
    );
    expect(types.filter((type) => /^(ACTIVITY|TIMER|WORKFLOW_TASK_COMPLETED)/.test(type))).toEqual([
      'WORKFLOW_TASK_COMPLETED',
      'ACTIVITY_TASK_SCHEDULED',
      'ACTIVITY_TASK_STARTED',
      'ACTIVITY_TASK_COMPLETED',
      'WORKFLOW_TASK_COMPLETED',
    ]);
  });

  it('is the first attempt when it is made', async () => {
    const { waiting, release } = await twoWithRoomForOne();
    release();
    expect((await waiting.result()).steps).toMatchObject([{ attempts: [{ status: 200 }] }]);
    expect(receiver.requests.map(({ json }) => 'retries' in json)).toEqual([false, false]);
  });

  it('ends at once when its execution is cancelled', async () => {
    const { waiting, release } = await twoWithRoomForOne();
    await waiting.cancel();
    await expect(waiting.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(receiver.requests).toHaveLength(1);
    release();
  });
});

describe('executions that wait for a worker', () => {
  const FLOOD = 200;
  let flooded: Receiver;
  let waiting: TestWorkflowEnvironment;
  let worker: Executions | undefined;
  beforeEach(async () => {
    flooded = await Receiver.start();
    receiver = await Receiver.start();
    waiting = await createLocalEnvironment();
  });
  afterEach(async () => {
    await worker?.stop();
    await waiting.teardown();
    await flooded.close();
  });

  it('take turns by their destinations: one is not behind all that came before it to another', async () => {
    const rulebook = new MemoryRulebook();
    rulebook.put({ urls: [flooded.url, receiver.url] });
    const [flood, single] = rulebook.rules()[0]?.rule.steps ?? [];
    const client = new Client({ connection: waiting.nativeConnection });
    const start = (step: { id: string; url: string } | undefined) =>
      startExecution(client, {
        executionId: randomUUID(),
        workspace: DEFAULT_WORKSPACE,
        rule: { id: 'watch', version: '1', name: 'Watch' },
        event: { id: randomUUID(), type: 'grade_drop' },
        message: { trigger: { type: 'grade_drop' } },
        steps: [{ id: step?.id ?? '', target: step?.url ?? '' }],
        retryDelaysMs: [],
      });
    for (let nth = 0; nth < FLOOD; nth += 1) await start(flood);
    await start(single);
    worker = await Executions.start(waiting, noMail, { rulebook });
    await receiver.received(1);
    expect(flooded.requests.length).toBeLessThan(FLOOD / 2);
    await flooded.received(FLOOD);
  });
});
