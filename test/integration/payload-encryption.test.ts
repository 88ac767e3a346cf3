import { randomBytes } from 'node:crypto';
import { temporal } from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { showExecution } from '../../src/client/executions';
import { followExecution } from '../../src/client/follow-execution';
import { MAX_INLINE_CONTEXT } from '../../src/shared/limits';
import { createDataConverter } from '../../src/temporal/payload-codec';
import { parsePayloadKeys } from '../../src/temporal/payload-keys';
import { retryNow } from '../../src/workflows/messages';
import type { executeRule } from '../../src/workflows/execute-rule';
import { Executions, scoreDrop, until, untilStatus, type Execution } from '../support/executions';
import { MemoryRulebook } from '../support/memory-rulebook';
import { answerBytes, answerJson, Receiver, type Answer } from '../support/receiver';
import { createLocalEnvironment } from '../support/temporal';

const [FIRST, SECOND] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const CANARY = 'canary-of-a-receiver';

let environment: TestWorkflowEnvironment;
let receiver: Receiver;
let rulebook: MemoryRulebook;
let answer: Answer;
let running: Executions | undefined;
beforeAll(async () => {
  environment = await createLocalEnvironment({});
});
beforeEach(async () => {
  rulebook = new MemoryRulebook();
  receiver = await Receiver.start((request, response) => {
    answer(request, response);
  });
});
afterEach(async () => {
  await stopWorker();
  await receiver.close();
});
afterAll(() => environment.teardown());

/** A worker and a client as a service has them that is started with these keys, in the place of the one before. */
async function startWith(...keys: string[]): Promise<Executions> {
  await stopWorker();
  const noMail = { send: () => Promise.reject(new Error('no mail is expected')) };
  const parsed = keys.length === 0 ? [] : parsePayloadKeys(keys.join(','));
  running = await Executions.start(environment, noMail, {
    rulebook,
    dataConverter: createDataConverter(parsed),
  });
  return running;
}

async function stopWorker(): Promise<void> {
  await running?.stop();
  running = undefined;
}

/** An execution, seen with the keys of the service that runs now. */
function seenBy({ client }: Executions, { workflowId }: Pick<Execution, 'workflowId'>): Execution {
  return client.workflow.getHandle<typeof executeRule>(workflowId);
}

function idOf({ workflowId }: Pick<Execution, 'workflowId'>): string {
  return workflowId.replace(/^.*\//, '');
}

/** Starts an execution whose first step is delivered, and whose second one waits for a retry. */
async function startWaiting(executions: Executions): Promise<Execution> {
  answer = (request, response) => {
    const next = request.path === '/1' ? answerJson(200, { canary: CANARY }) : answerBytes('', {}, 503);
    next(request, response);
  };
  rulebook.put({ urls: [`${receiver.url}/1`, `${receiver.url}/2`], retry_schedule: ['30d'] });
  const execution = seenBy(executions, await executions.trigger());
  await untilStatus(execution, 'waiting_for_retry');
  return execution;
}

/** A history as Temporal's database has it. */
async function storedHistory({ workflowId }: Pick<Execution, 'workflowId'>): Promise<Buffer> {
  const { events } = await environment.client.workflow.getHandle(workflowId).fetchHistory();
  return Buffer.from(temporal.api.history.v1.History.encode({ events: events ?? [] }).finish());
}

describe('with a key', () => {
  it('a chain runs, and its history shows neither its event, nor a call, nor an answer', async () => {
    const executions = await startWith(FIRST);
    answer = answerJson(200, { canary: CANARY });
    rulebook.put({ urls: [`${receiver.url}/1`, `${receiver.url}/2`], name: 'Watch over secrets' });
    const execution = seenBy(executions, await executions.trigger());
    expect((await execution.result()).status).toBe('delivered');
    const history = (await storedHistory(execution)).toString('latin1');
    expect(history).toContain('deliverWebhook');
    const secrets = [CANARY, `${receiver.url}/`, 'Watch over secrets', '"previous"'];
    const forms = secrets.flatMap((each) => [each, Buffer.from(each).toString('base64').slice(0, -4)]);
    expect(forms.filter((form) => history.includes(form))).toEqual([]);
  });

  it('a step is given answers that are too large to be carried', async () => {
    const executions = await startWith(FIRST);
    const text = randomBytes(MAX_INLINE_CONTEXT).toString('hex');
    answer = answerJson(200, { text });
    rulebook.put({ urls: [`${receiver.url}/1`, `${receiver.url}/2`] });
    await seenBy(executions, await executions.trigger()).result();
    expect(receiver.to('/2')[0]?.text).toContain(text);
  });

  it('an execution is shown and followed as ever', async () => {
    const executions = await startWith(FIRST);
    const execution = await startWaiting(executions);
    const shown = await showExecution(executions.client, 'default', idOf(execution));
    expect(JSON.stringify(shown?.steps)).toContain(CANARY);
    await execution.cancel();
    const kinds = [];
    for await (const { kind } of followExecution(executions.client, idOf(execution))) kinds.push(kind);
    expect(kinds).toEqual(['calling', 'delivered', 'calling', 'failed', 'waiting', 'cancelling', 'ended']);
  });

  it('the summaries of long names fit into Temporal’s limit', async () => {
    const executions = await startWith(FIRST);
    answer = answerJson(200, {});
    rulebook.put({ urls: [`${receiver.url}/${'x'.repeat(500)}`], name: 'y'.repeat(200) });
    const execution = await executions.trigger(scoreDrop('z'.repeat(100)));
    await seenBy(executions, execution).result();
    const { History } = temporal.api.history.v1;
    const { Payload } = temporal.api.common.v1;
    const { events } = History.decode(await storedHistory(execution));
    const sizes = events.flatMap(({ userMetadata }) =>
      userMetadata?.summary ? [Payload.encode(userMetadata.summary).finish().length] : [],
    );
    expect(sizes.length).toBeGreaterThan(0);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(400);
  });
});

describe('an execution that waits', () => {
  it('goes on when encryption is switched on, and is readable from its beginning to its end', async () => {
    const waiting = await startWaiting(await startWith());
    const executions = await startWith(FIRST);
    answer = answerJson(200, { second: true });
    const execution = seenBy(executions, waiting);
    await execution.executeUpdate(retryNow);
    expect((await execution.result()).status).toBe('delivered');
    const shown = JSON.stringify(await showExecution(executions.client, 'default', idOf(execution)));
    expect(shown).toContain(CANARY);
    expect(shown).toContain('second');
  });

  it('goes on when its key is replaced, and needs the old one to the end', async () => {
    const waiting = await startWaiting(await startWith(FIRST));
    const executions = await startWith(SECOND, FIRST);
    answer = answerJson(200, { second: true });
    const execution = seenBy(executions, waiting);
    await execution.executeUpdate(retryNow);
    expect((await execution.result()).status).toBe('delivered');
    expect(receiver.to('/2')[1]?.text).toContain(CANARY);
    const withoutOld = await startWith(SECOND);
    await expect(showExecution(withoutOld.client, 'default', idOf(execution))).rejects.toThrow(
      /encrypted with the key \S+, and PAYLOAD_ENCRYPTION_KEY has \S+ only/,
    );
  });

  it('is neither lost nor changed by a worker without its key: it says why it stands, and goes on with the key', async () => {
    const waiting = await startWaiting(await startWith(FIRST));
    const withoutKey = await startWith(SECOND);
    answer = answerJson(200, { second: true });
    const retried = seenBy(withoutKey, waiting).executeUpdate(retryNow);
    retried.catch(() => undefined);
    const failure = await until(async () => {
      const { events } = await environment.client.workflow.getHandle(waiting.workflowId).fetchHistory();
      return events?.map((event) => event.workflowTaskFailedEventAttributes?.failure?.message).find(Boolean);
    });
    expect(failure).toMatch(/encrypted with the key \S+, and PAYLOAD_ENCRYPTION_KEY has \S+ only/);
    expect(receiver.to('/2')).toHaveLength(1);
    const executions = await startWith(FIRST, SECOND);
    const execution = seenBy(executions, waiting);
    expect((await execution.result()).status).toBe('delivered');
  });
});
