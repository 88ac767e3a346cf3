import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { ApplicationFailure } from '@temporalio/common';
import { createDeliverWebhook, type DeliverWebhookInput } from '../../../src/activities/deliver-webhook';
import type { DestinationRecord } from '../../../src/activities/destination-health';
import { parseNetworks } from '../../../src/delivery/address-guard';
import { keptBody } from '../../../src/delivery/response-body';
import { createWebhookSender } from '../../../src/delivery/send';
import type { CalledWebhook, DeliveredAttempt, FailedAttempt } from '../../../src/shared/called-webhook';
import { MAX_KEPT_REQUEST } from '../../../src/shared/limits';
import { MemoryRulebook } from '../../support/memory-rulebook';
import { answerBytes, answerJson, Receiver, type Answer } from '../../support/receiver';

const sender = createWebhookSender({ allowedNetworks: parseNetworks('127.0.0.0/8'), userAgent: 'test/1' });
const rulebook = new MemoryRulebook();
let receiver: Receiver;
afterEach(() => receiver.close());
afterAll(() => sender.close());

const earlier: CalledWebhook = {
  step: 'first',
  url: 'https://example.com/first',
  response: { status: 201, headers: {}, body: keptBody(Buffer.from('{"id":7}'), false) },
};

const input: DeliverWebhookInput = {
  executionId: '0e3f4f3e-1e3c-5c43-8a3e-0a5b7f1f2d11',
  workspace: 'acme',
  createdAt: '2026-07-10T12:00:00.000Z',
  ruleId: 'watch',
  stepId: 'step-1',
  retries: 0,
  context: {
    message: { scorecard_id: 'sc-1', domain: 'example.com', trigger: { type: 'grade_drop', score: 78 } },
    earlier: [earlier],
  },
};

const silent: DestinationRecord = {
  recordFailure: async () => undefined,
  recordSuccess: async () => undefined,
};

/** Makes one attempt of a rule whose one step has this. */
async function attempt(
  step: object,
  {
    answer = answerJson(200, {}),
    destinations = silent,
  }: { answer?: Answer; destinations?: DestinationRecord } = {},
) {
  receiver = await Receiver.start(answer);
  rulebook.put({ urls: [`${receiver.url}/hook?token=1`], steps: [step] });
  const deliverWebhook = createDeliverWebhook({
    rulebook,
    sender,
    destinations,
    readContext: () => Promise.reject(new Error('the context is in the input')),
    ruleGoneGraceMs: 0,
  });
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(deliverWebhook, input);
}

/** The record of an attempt that must fail. */
async function failedAttempt(...how: Parameters<typeof attempt>): Promise<FailedAttempt> {
  const error: unknown = await attempt(...how).catch((thrown: unknown) => thrown);
  if (!(error instanceof ApplicationFailure)) throw new Error('it did not fail');
  return error.details?.[0] as FailedAttempt;
}

describe('a request', () => {
  it('is the contract’s POST unless the step says otherwise', async () => {
    await attempt({});
    expect(receiver.requests).toMatchObject([
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'test/1' },
        json: { execution_id: input.executionId, webhooks: [{ url: earlier.url }] },
      },
    ]);
  });

  it('tells receivers nothing of the ids of steps', async () => {
    await attempt({});
    expect(receiver.requests[0]?.json['webhooks']).toEqual([
      { url: earlier.url, response: { status: 201, headers: {}, body: { id: 7 } } },
    ]);
  });

  it('has the static headers of its step, in place of our own', async () => {
    await attempt({ headers: { 'X-Team': 'risk', 'User-Agent': 'theirs/2' } });
    expect(receiver.requests[0]?.headers).toMatchObject({ 'x-team': 'risk', 'user-agent': 'theirs/2' });
  });

  it('of GET has no body and no type of one', async () => {
    await attempt({ method: 'GET' });
    expect(receiver.requests[0]).toMatchObject({ method: 'GET', text: '' });
    expect(receiver.requests[0]?.headers).not.toHaveProperty('content-type');
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('of %s has the contract’s body', async (method) => {
    await attempt({ method });
    expect(receiver.requests).toMatchObject([{ method, json: { domain: 'example.com' } }]);
  });

  it('has the body of its template, which sees the event, the trigger, earlier steps and the execution', async () => {
    await attempt({
      body: {
        text: '{{ event.domain }} fell to {{ trigger.score }}',
        id: '{{ steps.first.response.body.id }}',
        first: '{{ webhooks[0].step }} {{ webhooks[0].response.status }}',
        execution: '{{ execution_id }}',
        retries: '{{ retries }}',
      },
    });
    expect(receiver.requests[0]?.json).toEqual({
      text: 'example.com fell to 78',
      id: 7,
      first: 'first 201',
      execution: input.executionId,
      retries: 0,
    });
  });
});

describe('the record of an attempt', () => {
  const request = async (step: object) => ((await attempt(step)) as DeliveredAttempt).request;

  it('says nothing about a request that is the contract’s', async () => {
    expect(await request({})).toBeUndefined();
  });

  it('has the method, when it is another', async () => {
    expect(await request({ method: 'GET' })).toEqual({ method: 'GET' });
  });

  it('has the body that a template made', async () => {
    expect(await request({ body: '{{ event.domain }}' })).toEqual({ method: 'POST', body: '"example.com"' });
  });

  it('has it also when the call failed', async () => {
    const { request: sent } = await failedAttempt({ body: 1 }, { answer: answerBytes('', {}, 503) });
    expect(sent).toEqual({ method: 'POST', body: '1' });
  });

  it('has the first part of a large one, cut between characters', async () => {
    const kept = await request({
      body: [...Array<string>(15).fill('{{ execution_id }}'), 'é'.repeat(8_000)],
    });
    expect(kept).toMatchObject({ truncated: true });
    expect(Buffer.byteLength(kept?.body ?? '')).toBe(MAX_KEPT_REQUEST - 1);
  });

  it('has no value of a static header', async () => {
    expect(JSON.stringify(await attempt({ headers: { 'x-team': 'canary' } }))).not.toContain('canary');
  });
});

describe('a body that cannot be made', () => {
  const broken = { body: '{{ "?" | base64_decode }}' };

  it('fails the attempt with the reason', async () => {
    expect((await failedAttempt(broken)).error).toMatch(/^the body cannot be made: invalid base64/);
  });

  it('is not sent', async () => {
    await failedAttempt(broken);
    expect(receiver.requests).toEqual([]);
  });
});

describe('a condition', () => {
  it('that does not hold skips the step, and says why', async () => {
    expect(await attempt({ if: { 'steps.first.response.body.id': { $gt: 7 } } })).toEqual({
      skipped: 'steps.first.response.body.id is 7, which is not above 7',
    });
  });

  it('that does not hold calls nobody', async () => {
    await attempt({ if: { 'trigger.type': 'grade_raise' } });
    expect(receiver.requests).toEqual([]);
  });

  it.each([
    ['the event', { 'event.domain': 'example.com' }],
    ['the trigger', { 'trigger.score': { $lt: 80 } }],
    ['what was called', { 'webhooks.0.response.status': 201 }],
  ])('that holds of %s lets the step be called', async (_what, condition) => {
    await attempt({ if: condition });
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('how the receiver is doing', () => {
  /** What was recorded, as `workspace origin error`. */
  function recorder() {
    const records: string[] = [];
    const destinations: DestinationRecord = {
      recordFailure: async (workspace, origin, { error }) =>
        void records.push(`${workspace} ${origin} ${error}`),
      recordSuccess: async (workspace, origin) => void records.push(`${workspace} ${origin}`),
    };
    return { records, destinations };
  }

  it('is recorded when a call fails', async () => {
    const { records, destinations } = recorder();
    await failedAttempt({}, { destinations, answer: answerBytes('', {}, 503) });
    expect(records).toEqual([`acme ${receiver.url} 503 Service Unavailable`]);
  });

  it('is recorded when a call goes well', async () => {
    const { records, destinations } = recorder();
    await attempt({}, { destinations });
    expect(records).toEqual([`acme ${receiver.url}`]);
  });

  it('is not judged by a call that was not made', async () => {
    const { records, destinations } = recorder();
    await attempt({ if: { 'trigger.type': 'grade_raise' } }, { destinations });
    await receiver.close();
    await failedAttempt({ body: '{{ "?" | base64_decode }}' }, { destinations });
    expect(records).toEqual([]);
  });

  it.each([
    ['is away', () => Promise.reject(new Error('away'))],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])('cannot be recorded when the store %s: the call counts all the same', async (_how, record) => {
    const destinations = { recordFailure: record, recordSuccess: record };
    expect(await attempt({}, { destinations })).toMatchObject({ response: { status: 200 } });
  });
});
