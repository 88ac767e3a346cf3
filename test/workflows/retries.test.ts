import type { ServerResponse } from 'node:http';
import { decodeFromPayloadsAtIndex } from '@temporalio/common/lib/internal-non-workflow';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { DeliverWebhookInput } from '../../src/activities/deliver-webhook';
import type { MailMessage } from '../../src/mail/message';
import { retryNow } from '../../src/workflows/messages';
import { Executions, secondsOfCalls, untilStatus, type Execution } from '../support/executions';
import { answerBytes, answerJson, Receiver, type Answer } from '../support/receiver';
import { createTimeSkippingEnvironment } from '../support/temporal';

const MINUTE = 60;
const HOUR = 3_600;
const CONTRACT = [0, 6 * MINUTE, 1 * HOUR, 4 * HOUR, 12 * HOUR, 36 * HOUR];

let environment: TestWorkflowEnvironment;
let executions: Executions;
const mails: MailMessage[] = [];

beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
  executions = await Executions.start(environment, {
    send: async (message) => {
      mails.push(message);
      return { messageId: message.messageId, receipt: '250 OK' };
    },
  });
});
afterAll(async () => {
  await executions.stop();
  await environment.teardown();
});

let receiver: Receiver;
afterEach(() => receiver.close());

/** Answers the calls one after the other; the last answer stays. */
function inTurn(...answers: Answer[]): Answer {
  let calls = 0;
  return (request, response) => {
    const answer = answers[calls] ?? answers.at(-1);
    calls += 1;
    answer?.(request, response);
  };
}

/** An answer that comes when the test says so. */
function heldAnswer(): { answer: Answer; release: () => void } {
  let held: ServerResponse | undefined;
  return {
    answer: (_request, response) => {
      held = response;
    },
    release: () => held?.end('{}'),
  };
}

const down = answerBytes('', {}, 503);
const up = answerJson(200, { ok: true });

async function startWith(answer: Answer, rule: { steps?: number; retry_schedule?: string[] } = {}) {
  receiver = await Receiver.start(answer);
  const { steps = 1, ...rest } = rule;
  executions.rulebook.put({
    urls: Array.from({ length: steps }, (_, index) => `${receiver.url}/${index + 1}`),
    ...rest,
  });
  return executions.trigger();
}

/** How long after it was due each call was scheduled, as far as it is told. Whole minutes. */
async function minutesAfterDue(execution: Execution): Promise<(number | undefined)[]> {
  const { events } = await execution.fetchHistory();
  const scheduled = (events ?? []).flatMap(({ eventTime, activityTaskScheduledEventAttributes: call }) =>
    call?.activityType?.name === 'deliverWebhook'
      ? { at: Number(eventTime?.seconds), payloads: call.input?.payloads }
      : [],
  );
  const converter = environment.client.options.loadedDataConverter;
  return Promise.all(
    scheduled.map(async ({ at, payloads }) => {
      const { dueAt } = await decodeFromPayloadsAtIndex<DeliverWebhookInput>(converter, 0, payloads);
      return dueAt === undefined ? undefined : Math.floor(Math.abs(at - dueAt / 1_000) / MINUTE);
    }),
  );
}

describe('a step whose receiver stays down', () => {
  it('is called at 0, 6 min, 1 h, 4 h, 12 h and 36 h, and then escalated', async () => {
    const execution = await startWith(down);
    expect(await execution.result()).toMatchObject({ status: 'escalated' });
    expect(await secondsOfCalls(execution)).toEqual(CONTRACT);
  });

  it('is escalated right after the fifth retry', async () => {
    const execution = await startWith(down);
    await execution.result();
    const { startTime, closeTime } = await execution.describe();
    expect(Math.round((Number(closeTime) - startTime.getTime()) / 1_000)).toBe(36 * HOUR);
  });

  it('sends the same execution_id and created_at every time, and counts the retries', async () => {
    await (await startWith(down)).result();
    const bodies = receiver.requests.map(({ json }) => json);
    expect(new Set(bodies.map(({ execution_id }) => execution_id)).size).toBe(1);
    expect(new Set(bodies.map(({ created_at }) => created_at)).size).toBe(1);
    expect(bodies.map(({ retries }) => retries)).toEqual([undefined, 1, 2, 3, 4, 5]);
  });

  it('is told at each retry when that was due', async () => {
    const execution = await startWith(down);
    await execution.result();
    expect(await minutesAfterDue(execution)).toEqual([undefined, 0, 0, 0, 0, 0]);
  });

  it('ends the chain: later steps are not called', async () => {
    await (await startWith(down, { steps: 3 })).result();
    expect(receiver.to('/2').concat(receiver.to('/3'))).toEqual([]);
  });

  it('is called as its rule has scheduled it', async () => {
    const execution = await startWith(down, { retry_schedule: ['10s', '20s'] });
    await execution.result();
    expect(await secondsOfCalls(execution)).toEqual([0, 10, 30]);
  });

  it('gets all of its retries, though its calls take longer than the delays', async () => {
    const slow: Answer = (_request, response) => setTimeout(() => response.writeHead(503).end(), 1_200);
    const execution = await startWith(slow, { retry_schedule: ['1s', '1s'] });
    await execution.result();
    expect(receiver.requests).toHaveLength(3);
  });

  it('is escalated at once when its rule has no retries', async () => {
    const execution = await startWith(down, { retry_schedule: [] });
    expect(await execution.result()).toMatchObject({ status: 'escalated' });
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('a step whose receiver comes back', () => {
  it.each([1, 2, 3, 4, 5])('before retry %i is delivered by it, and not called again', async (retry) => {
    const execution = await startWith(inTurn(...Array<Answer>(retry).fill(down), up));
    expect(await execution.result()).toMatchObject({ status: 'delivered' });
    expect(await secondsOfCalls(execution)).toEqual(CONTRACT.slice(0, retry + 1));
  });

  it('hands over to the next step, whose own first call has no retries', async () => {
    await (await startWith(inTurn(down, up), { steps: 2 })).result();
    expect(receiver.requests.map(({ path, json }) => [path, json['retries']])).toEqual([
      ['/1', undefined],
      ['/1', 1],
      ['/2', undefined],
    ]);
  });

  it('gives a later step a schedule of its own', async () => {
    const execution = await startWith(inTurn(down, up, down, up), { steps: 2 });
    await execution.result();
    expect(await secondsOfCalls(execution)).toEqual([0, 6 * MINUTE, 6 * MINUTE, 12 * MINUTE]);
  });
});

describe('Retry-After', () => {
  const busy = (value: string) => answerBytes('', { 'retry-after': value }, 429);

  it('moves the next attempt later, and leaves the others where they are', async () => {
    const execution = await startWith(inTurn(busy('600'), down));
    await execution.result();
    expect(await secondsOfCalls(execution)).toEqual([0, 10 * MINUTE, ...CONTRACT.slice(2)]);
  });

  it('never brings an attempt forward', async () => {
    const execution = await startWith(inTurn(busy('5'), up));
    await execution.result();
    expect(await secondsOfCalls(execution)).toEqual([0, 6 * MINUTE]);
  });

  it('skips the retries whose time it moves over', async () => {
    const execution = await startWith(inTurn(busy(String(2 * HOUR)), down));
    await execution.result();
    expect(await secondsOfCalls(execution)).toEqual([0, 2 * HOUR, 4 * HOUR, 12 * HOUR, 36 * HOUR]);
  });

  it('is capped at the end of the schedule', async () => {
    const execution = await startWith(inTurn(busy(String(100 * HOUR)), down));
    expect(await execution.result()).toMatchObject({ status: 'escalated' });
    expect(await secondsOfCalls(execution)).toEqual([0, 36 * HOUR]);
  });

  it('is understood as a date', async () => {
    const date = new Date(Date.now() + 2 * HOUR * 1_000).toUTCString();
    const execution = await startWith(inTurn(busy(date), up));
    await execution.result();
    const [, second = 0] = await secondsOfCalls(execution);
    // The date has whole seconds, and is read a moment after it was made.
    expect(Math.abs(second - 2 * HOUR)).toBeLessThanOrEqual(2);
  });
});

describe('retryNow', () => {
  it('ends the wait at once', async () => {
    const execution = await startWith(inTurn(down, up));
    await untilStatus(execution, 'waiting_for_retry');
    expect(await execution.executeUpdate(retryNow)).toEqual({ attempt: 2 });
    await execution.result();
    expect(await secondsOfCalls(execution)).toEqual([0, 0]);
  });

  it('uses up no retry of the schedule', async () => {
    const execution = await startWith(down);
    await untilStatus(execution, 'waiting_for_retry');
    await execution.executeUpdate(retryNow);
    await execution.result();
    expect(await secondsOfCalls(execution)).toEqual([0, ...CONTRACT]);
  });

  it('is refused right after another one', async () => {
    const execution = await startWith(inTurn(down, up));
    await untilStatus(execution, 'waiting_for_retry');
    const both = await Promise.allSettled([
      execution.executeUpdate(retryNow),
      execution.executeUpdate(retryNow),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await execution.result();
  });

  it('is refused after a hundred times, so that an execution stays small', async () => {
    const execution = await startWith(down);
    for (let times = 0; times < 100; times += 1) {
      await untilStatus(execution, 'waiting_for_retry');
      await execution.executeUpdate(retryNow);
    }
    await untilStatus(execution, 'waiting_for_retry');
    await expect(execution.executeUpdate(retryNow)).rejects.toMatchObject({
      cause: { message: 'this execution was told to retry 100 times: it waits for its schedule now' },
    });
    await execution.terminate();
  });

  it('is refused while a call is on its way', async () => {
    const held = heldAnswer();
    const execution = await startWith(held.answer);
    await receiver.received(1);
    await expect(execution.executeUpdate(retryNow)).rejects.toMatchObject({
      cause: { message: 'nothing waits for a retry now' },
    });
    held.release();
    await execution.result();
  });
});

describe('cancelling', () => {
  it('in a wait ends the execution at once', async () => {
    const execution = await startWith(down);
    await untilStatus(execution, 'waiting_for_retry');
    await execution.cancel();
    await expect(execution.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(await secondsOfCalls(execution)).toEqual([0]);
  });

  it('leaves a clear outcome', async () => {
    const execution = await startWith(down);
    await untilStatus(execution, 'waiting_for_retry');
    await execution.cancel();
    await execution.result().catch(() => undefined);
    expect((await execution.describe()).status.name).toBe('CANCELLED');
    expect(await untilStatus(execution, 'cancelled')).not.toHaveProperty('nextRetry');
  });

  it('sends no mail', async () => {
    const execution = await startWith(down);
    const { executionId } = await untilStatus(execution, 'waiting_for_retry');
    await execution.cancel();
    await execution.result().catch(() => undefined);
    expect(mails.map(({ id }) => id)).not.toContain(executionId);
  });
});

describe('a rule that changes while an execution waits', () => {
  it('heals it, when the URL is edited', async () => {
    const execution = await startWith(inTurn(down, up));
    await untilStatus(execution, 'waiting_for_retry');
    executions.rulebook.put({ urls: [`${receiver.url}/new`] });
    await execution.result();
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/1', '/new']);
  });

  it('ends it as abandoned, when the rule is deleted', async () => {
    const execution = await startWith(down);
    await untilStatus(execution, 'waiting_for_retry');
    executions.rulebook.delete('watch');
    expect(await execution.result()).toMatchObject({ status: 'abandoned', reason: 'rule watch was deleted' });
  });
});
