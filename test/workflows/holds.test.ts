import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { pause, release, resume, retryNow } from '../../src/workflows/messages';
import { Executions, secondsOfCalls, untilStatus, type Execution } from '../support/executions';
import { answerBytes, answerJson, Receiver, type Answer } from '../support/receiver';
import { createTimeSkippingEnvironment } from '../support/temporal';

const MINUTE = 60;
const HOUR = 3_600;
const paused = { paused_at: '2026-07-10T00:00:00.000Z' };

let environment: TestWorkflowEnvironment;
let executions: Executions;

beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
  executions = await Executions.start(environment, {
    send: async ({ messageId }) => ({ messageId, receipt: '250 OK' }),
  });
});
afterAll(async () => {
  await executions.stop();
  await environment.teardown();
});

let receiver: Receiver;
afterEach(() => receiver.close());

const down = answerBytes('', {}, 503);
const up = answerJson(200, { ok: true });

interface RuleInShort {
  retry_schedule?: string[];
  paused_at?: string;
}

function putRule(rule: RuleInShort = {}): void {
  executions.rulebook.put({ urls: [`${receiver.url}/1`], ...rule });
}

/** @param answers one for each call; the last one stays */
async function startWith(answers: Answer[], rule: RuleInShort = {}): Promise<Execution> {
  receiver = await Receiver.start((request, response) => {
    (answers[receiver.requests.length - 1] ?? answers.at(-1))?.(request, response);
  });
  putRule(rule);
  return executions.trigger();
}

/** Begins an execution whose first call fails and whose rule is then paused. */
async function heldAfterACall(answers: Answer[]): Promise<Execution> {
  const execution = await startWith(answers);
  await untilStatus(execution, 'waiting_for_retry');
  putRule(paused);
  return execution;
}

async function hoursItTook(execution: Execution): Promise<number> {
  const { startTime, closeTime } = await execution.describe();
  return Math.round((Number(closeTime) - startTime.getTime()) / 1_000) / HOUR;
}

describe('an execution that is held', () => {
  it('looks again at growing distances, no further apart than an hour', async () => {
    const execution = await startWith([up], paused);
    await execution.result();
    const looks = await secondsOfCalls(execution);
    expect(looks.slice(0, 6)).toEqual([0, 5, 15, 35, 75, 135].map((minutes) => minutes * MINUTE));
  });

  it('is escalated when its 36 hours are over, though nothing was called', async () => {
    const execution = await startWith([up], paused);
    expect(await execution.result()).toMatchObject({ status: 'escalated', steps: [{ attempts: [] }] });
    expect([await hoursItTook(execution), receiver.requests]).toEqual([36, []]);
  });

  it('after a call is escalated 36 hours after that call', async () => {
    const execution = await heldAfterACall([down]);
    expect(await execution.result()).toMatchObject({ status: 'escalated' });
    expect([await hoursItTook(execution), receiver.requests.length]).toEqual([36, 1]);
  });

  it('for as long as a longer schedule lasts is escalated at its end', async () => {
    const execution = await startWith([up], { ...paused, retry_schedule: ['48h'] });
    await execution.result();
    expect(await hoursItTook(execution)).toBe(48);
  });

  it('before its first attempt has all of its schedule left when it goes on', async () => {
    const execution = await startWith([down], { ...paused, retry_schedule: ['10s', '20s'] });
    await untilStatus(execution, 'held');
    await environment.sleep('2 hours');
    putRule({ retry_schedule: ['10s', '20s'] });
    await execution.signal(release);
    await execution.result();
    expect(receiver.requests.map(({ json }) => json['retries'])).toEqual([undefined, 1, 2]);
  });

  it('makes the retry that was held as that same retry', async () => {
    const execution = await heldAfterACall([down, up]);
    await environment.sleep('2 hours');
    putRule();
    await execution.signal(release);
    expect(await execution.result()).toMatchObject({ status: 'delivered' });
    expect(receiver.requests.map(({ json }) => json['retries'])).toEqual([undefined, 1]);
  });

  it('looks at once when it is told to retry', async () => {
    const execution = await startWith([up], paused);
    await untilStatus(execution, 'held');
    putRule();
    expect(await execution.executeUpdate(retryNow)).toEqual({ attempt: 1 });
    expect(await execution.result()).toMatchObject({ status: 'delivered' });
  });
});

describe('an execution that is paused', () => {
  async function pausedInAWait(answers: Answer[]): Promise<Execution> {
    const execution = await startWith(answers);
    await untilStatus(execution, 'waiting_for_retry');
    await execution.executeUpdate(pause);
    return execution;
  }

  it('stays so at once, however long', async () => {
    const execution = await pausedInAWait([down]);
    await untilStatus(execution, 'paused');
    await environment.sleep('10 days');
    expect([(await untilStatus(execution, 'paused')).status, receiver.requests.length]).toEqual([
      'paused',
      1,
    ]);
    await execution.terminate();
  });

  it('makes the retry whose time has passed when it is resumed, and the later ones in time', async () => {
    const execution = await pausedInAWait([down]);
    await environment.sleep('30 minutes');
    await execution.executeUpdate(resume);
    await execution.result();
    const [, first = 0, ...later] = await secondsOfCalls(execution);
    expect(Math.abs(first - 30 * MINUTE)).toBeLessThan(5);
    expect(later).toEqual([HOUR, 4 * HOUR, 12 * HOUR, 36 * HOUR]);
  });

  it('makes the retry in time when it is resumed before', async () => {
    const execution = await pausedInAWait([down, up]);
    await environment.sleep('2 minutes');
    await execution.executeUpdate(resume);
    await execution.result();
    expect(await secondsOfCalls(execution)).toEqual([0, 6 * MINUTE]);
  });

  it('makes one attempt when it is told to retry, and stays paused', async () => {
    const execution = await pausedInAWait([down]);
    await execution.executeUpdate(retryNow);
    await receiver.received(2);
    await untilStatus(execution, 'paused');
    await environment.sleep('1 hour');
    expect(receiver.requests).toHaveLength(2);
    await execution.terminate();
  });

  it.each([
    ['a second pause', pause, 'it is paused already'],
    ['a resume after a resume', resume, 'it is not paused'],
  ])('refuses %s, with the reason', async (_what, update, message) => {
    const execution = await pausedInAWait([down]);
    if (update === resume) await execution.executeUpdate(resume);
    await expect(execution.executeUpdate(update)).rejects.toMatchObject({ cause: { message } });
    await execution.terminate();
  });
});
