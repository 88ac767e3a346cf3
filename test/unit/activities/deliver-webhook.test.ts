import { Webhook } from 'standardwebhooks';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { ApplicationFailure } from '@temporalio/common';
import type { CallRoom } from '../../../src/activities/call-room';
import type { RoomAnswer, RoomRequest } from '../../../src/delivery/room/room';
import { createDeliverWebhook, type DeliverWebhookInput } from '../../../src/activities/deliver-webhook';
import type {
  AnnounceRecovery,
  DestinationRecord,
  DisableDestination,
} from '../../../src/activities/destination-health';
import { createAuthorizedSender } from '../../../src/delivery/authorized-sender';
import { keptBody } from '../../../src/delivery/response-body';
import type { Tracer } from '../../../src/tracing/tracing';
import { createWebhookSender } from '../../../src/delivery/send';
import { CredentialUnusableError, type CallSettingsSource } from '../../../src/destinations/call-settings';
import type { Standing } from '../../../src/destinations/standing';
import { SecretUnreadableError } from '../../../src/secrets/secret-box';
import type { CalledWebhook, DeliveredAttempt, FailedAttempt } from '../../../src/shared/called-webhook';
import type { RecoveredDestination } from '../../../src/shared/recovered-destination';
import { MAX_KEPT_REQUEST } from '../../../src/shared/limits';
import { MemoryCallSettings } from '../../support/call-settings';
import { MemoryRulebook } from '../../support/memory-rulebook';
import { answerBytes, answerJson, Receiver, type Answer } from '../../support/receiver';
import { testEgress } from '../../support/egress';
import { testRoom } from '../../support/room';

const sender = createWebhookSender({ egress: testEgress(), userAgent: 'test/1' });
const rulebook = new MemoryRulebook();
let receiver: Receiver;
afterEach(() => receiver.close());
afterAll(() => sender.close());

const earlier: CalledWebhook = {
  step: 'first',
  url: 'https://example.com/first',
  response: { status: 201, headers: {}, body: keptBody(Buffer.from('{"id":7}'), false) },
};

const anInput: DeliverWebhookInput = {
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
  outageTold: async () => undefined,
  recordSuccess: async () => undefined,
  claimProbe: async () => true,
};

/** Makes one attempt of a rule whose one step has this. */
async function attempt(
  step: object,
  {
    input = anInput,
    answer = answerJson(200, {}),
    destinations = silent,
    callSettings = new MemoryCallSettings(),
    room = testRoom(),
    environment = {},
    rule = {},
    tracer,
    disable = async () => undefined,
    recovered = async () => undefined,
  }: {
    answer?: Answer;
    destinations?: DestinationRecord;
    callSettings?: CallSettingsSource;
    room?: CallRoom;
    environment?: ConstructorParameters<typeof MockActivityEnvironment>[0];
    input?: DeliverWebhookInput;
    disable?: DisableDestination;
    recovered?: AnnounceRecovery;
    /** What the rule has besides. */
    rule?: { paused_at?: string };
    tracer?: Tracer;
  } = {},
) {
  receiver = await Receiver.start(answer);
  rulebook.put({ urls: [`${receiver.url}/hook?token=1`], steps: [step], ...rule });
  const deliverWebhook = createDeliverWebhook({
    rulebook,
    callSettings,
    room,
    sender: createAuthorizedSender(sender, tracer),
    destinations,
    disable,
    recovered,
    calls: { add: () => undefined },
    readContext: () => Promise.reject(new Error('the context is in the input')),
    ruleGoneGraceMs: 0,
  });
  return new MockActivityEnvironment(environment, { logger: new DefaultLogger('ERROR') }).run(
    deliverWebhook,
    input,
  );
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
        json: { execution_id: anInput.executionId, webhooks: [{ url: earlier.url }] },
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

  it('says nothing of its execution’s trace while tracing is off', async () => {
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    await attempt({}, { input: { ...anInput, traceparent } });
    expect(receiver.requests[0]?.headers).not.toHaveProperty('traceparent');
  });

  it('of an execution that is not traced says nothing of a trace, nor is its rule’s own header touched', async () => {
    const tracer: Tracer = {
      begin: () => {
        throw new Error('nothing is to be traced');
      },
    };
    await attempt({ headers: { traceparent: 'own' } }, { tracer });
    expect(receiver.requests[0]?.headers['traceparent']).toBe('own');
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
      execution: anInput.executionId,
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

  it('has the headers that were sent, with what is not ours redacted', async () => {
    expect(await attempt({ headers: { 'x-team': 'canary' } })).toMatchObject({
      sentHeaders: {
        'content-type': 'application/json',
        'webhook-id': `${anInput.executionId}_0`,
        'webhook-signature': '[redacted]',
        'x-team': '[redacted]',
      },
    });
  });

  it('has where the time of the call went', async () => {
    const millis = expect.any(Number) as number;
    expect(await attempt({})).toMatchObject({
      phases: { dnsMs: millis, connectMs: millis, firstByteMs: millis, bodyMs: millis },
    });
  });
});

describe('a call', () => {
  it('is signed', async () => {
    const callSettings = new MemoryCallSettings();
    await attempt({}, { callSettings });
    const [request] = receiver.requests;
    const webhook = new Webhook(callSettings.current.signingKeys[0]?.secret ?? '');
    expect(webhook.verify(request?.text ?? '', request?.headers as Record<string, string>)).toEqual(
      request?.json,
    );
  });

  it('of GET is signed over an empty body', async () => {
    const callSettings = new MemoryCallSettings();
    await attempt({ method: 'GET' }, { callSettings });
    const webhook = new Webhook(callSettings.current.signingKeys[0]?.secret ?? '');
    expect(() => webhook.verify('', receiver.requests[0]?.headers as Record<string, string>)).not.toThrow();
  });

  it('is named by its execution and which step of it this is', async () => {
    await attempt({}, { input: { ...anInput, stepIndex: 4 } });
    expect(receiver.requests[0]?.headers['webhook-id']).toBe(`${anInput.executionId}_4`);
  });

  it('of an execution that began before calls were signed is named by the place of its step in the rule', async () => {
    await attempt({});
    expect(receiver.requests[0]?.headers['webhook-id']).toBe(`${anInput.executionId}_0`);
  });

  it('asks for what its destination has, and for the credentials of its step', async () => {
    const callSettings = new MemoryCallSettings();
    await attempt({ auth: 'crm', tls: 'our-ca' }, { callSettings });
    expect(callSettings.asked).toEqual([`acme ${receiver.url} crm our-ca`]);
  });

  it('that is skipped asks for nothing', async () => {
    const callSettings = new MemoryCallSettings();
    await attempt({ if: { 'trigger.type': 'grade_raise' } }, { callSettings });
    expect(callSettings.asked).toEqual([]);
  });
});

describe('a credential that cannot be used', () => {
  const callSettings: CallSettingsSource = {
    callSettings: () => Promise.reject(new CredentialUnusableError('there is no credential crm')),
  };

  it('fails the attempt with the reason', async () => {
    expect(await failedAttempt({}, { callSettings })).toEqual({
      url: `${receiver.url}/hook?token=1`,
      error: 'there is no credential crm',
    });
  });

  it('lets no call be made', async () => {
    await failedAttempt({}, { callSettings });
    expect(receiver.requests).toEqual([]);
  });

  it('says nothing about how the receiver is doing', async () => {
    const record = jest.fn(async () => undefined);
    const destinations = { ...silent, recordFailure: record, recordSuccess: record };
    await failedAttempt({}, { callSettings, destinations });
    expect(record).not.toHaveBeenCalled();
  });
});

describe('settings that cannot be known just now', () => {
  it.each([
    ['the store is away', new Error('the store is away')],
    ['a secret cannot be opened', new SecretUnreadableError('key 1 is not at hand')],
    ['a key to sign with is missing', { signingKeys: [] }],
  ])('are no failure of the receiver, but tried again soon: %s', async (_why, trouble) => {
    const callSettings = new MemoryCallSettings();
    if (trouble instanceof Error) callSettings.callSettings = () => Promise.reject(trouble);
    else callSettings.current = { ...callSettings.current, ...trouble };
    await expect(attempt({}, { callSettings })).rejects.not.toBeInstanceOf(ApplicationFailure);
    expect(receiver.requests).toEqual([]);
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

describe('room for a call', () => {
  const full = { comeAgainInMs: 60_000, reason: 'full' };

  it('that there is not sends it back until then, without a call', async () => {
    const error: unknown = await attempt({}, { room: { enter: () => full } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      type: 'NoRoom',
      message: 'full',
      nonRetryable: false,
      nextRetryDelay: 60_000,
    });
    expect(receiver.requests).toEqual([]);
  });

  it('that is expected within a moment is waited for here', async () => {
    const enter = jest.fn<RoomAnswer, [RoomRequest]>(() => ({ leave: () => undefined }));
    enter.mockReturnValueOnce({ comeAgainInMs: 10, reason: 'full' });
    await attempt({}, { room: { enter } });
    expect(enter.mock.calls.map(([{ isBack }]) => isBack)).toEqual([false, true]);
    expect(receiver.requests).toHaveLength(1);
  });

  it('is asked for by the limits of the destination, and with the time since when it waits', async () => {
    const callSettings = new MemoryCallSettings();
    const limits = { max_concurrent: 3, requests_per_second: 2, burst: 1 };
    callSettings.current = { ...callSettings.current, limits };
    const enter = jest.fn<RoomAnswer, [RoomRequest]>(() => ({ leave: () => undefined }));
    const environment = { attempt: 2, scheduledTimestampMs: 17 };
    await attempt({}, { input: { ...anInput, retries: 1 }, room: { enter }, callSettings, environment });
    expect(enter.mock.calls[0]?.[0]).toMatchObject({
      workspace: 'acme',
      to: receiver.url,
      limits,
      since: 17,
      isBack: true,
      isRetry: true,
    });
  });

  it.each([
    ['was delivered', {}, answerJson(200, {})],
    ['failed', {}, answerBytes('', {}, 503)],
    ['could not be made', { body: '{{ "?" | base64_decode }}' }, answerJson(200, {})],
  ])('is left by a call that %s', async (_how, step, answer) => {
    const leave = jest.fn();
    await attempt(step, { answer, room: { enter: () => ({ leave }) } }).catch(() => undefined);
    expect(leave).toHaveBeenCalledTimes(1);
  });

  it('is not needed by a step that is skipped', async () => {
    const room = { enter: () => full };
    expect(await attempt({ if: { 'trigger.type': 'grade_raise' } }, { room })).toHaveProperty('skipped');
  });
});

describe('how the receiver is doing', () => {
  /** What was recorded, as `workspace origin error`. */
  function recorder() {
    const records: string[] = [];
    const destinations: DestinationRecord = {
      ...silent,
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

  function failingBefore(): MemoryCallSettings {
    const callSettings = new MemoryCallSettings();
    callSettings.current = { ...callSettings.current, isFailing: true };
    return callSettings;
  }

  it('is recorded when a call goes well and the one before did not', async () => {
    const { records, destinations } = recorder();
    await attempt({}, { destinations, callSettings: failingBefore() });
    expect(records).toEqual([`acme ${receiver.url}`]);
  });

  it('is told when a call goes well after an outage that people know of, before the outage is forgotten', async () => {
    const { records, destinations } = recorder();
    const told: RecoveredDestination[] = [];
    const recovered = async (destination: RecoveredDestination) => {
      told.push(destination);
      records.push('told');
    };
    const outage = { failingSince: '2026-01-05T08:00:00.000Z', wasDisabled: false };
    const outageTold = async () => outage;
    const known = { ...destinations, outageTold };
    await attempt({}, { destinations: known, recovered, callSettings: failingBefore() });
    expect(records).toEqual(['told', `acme ${receiver.url}`]);
    expect(told).toEqual([
      { workspace: 'acme', origin: receiver.url, recoveredAt: expect.any(String) as string, ...outage },
    ]);
  });

  it('stays as it is when that cannot be told: the next success tells it', async () => {
    const { records, destinations } = recorder();
    const outageTold = async () => ({ failingSince: '2026-01-05T08:00:00.000Z', wasDisabled: false });
    const recovered = () => Promise.reject(new Error('Temporal is away'));
    const known = { ...destinations, outageTold };
    expect(
      await attempt({}, { destinations: known, recovered, callSettings: failingBefore() }),
    ).toMatchObject({ response: { status: 200 } });
    expect(records).toEqual([]);
  });

  it('is not recorded when a call goes well as the one before did', async () => {
    const { records, destinations } = recorder();
    await attempt({}, { destinations });
    expect(records).toEqual([]);
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
    const destinations = { ...silent, recordFailure: record, recordSuccess: record };
    const callSettings = failingBefore();
    expect(await attempt({}, { destinations, callSettings })).toMatchObject({ response: { status: 200 } });
  });
});

describe('an attempt is held, which is no attempt,', () => {
  const settingsWith = (standing: Standing): MemoryCallSettings => {
    const callSettings = new MemoryCallSettings();
    callSettings.current = { ...callSettings.current, standing };
    return callSettings;
  };
  const disabled = { at: '2026-07-10T00:00:00.000Z', reason: 'it answered 410 Gone' };
  const open = () => settingsWith({ disabled: null, openUntil: new Date(Date.now() + 60_000).toISOString() });
  const overdue = () => settingsWith({ disabled: null, openUntil: '2026-07-10T00:00:00.000Z' });
  const heldFailure = (reason: RegExp) =>
    expect.objectContaining({
      type: 'Held',
      nonRetryable: true,
      message: expect.stringMatching(reason) as string,
    }) as unknown;

  it('while its destination is disabled', async () => {
    const callSettings = settingsWith({ disabled, openUntil: null });
    await expect(attempt({}, { callSettings })).rejects.toEqual(
      heldFailure(/is disabled since .*: it answered 410/),
    );
    expect(receiver.requests).toEqual([]);
  });

  it('at a disabled destination even when somebody asked for it', async () => {
    const callSettings = settingsWith({ disabled, openUntil: null });
    const input = { ...anInput, force: true as const };
    await expect(attempt({}, { callSettings, input })).rejects.toEqual(heldFailure(/is disabled/));
  });

  it('while the circuit breaker is open', async () => {
    await expect(attempt({}, { callSettings: open() })).rejects.toEqual(heldFailure(/does not answer/));
    expect(receiver.requests).toEqual([]);
  });

  it('but not by an open circuit breaker when somebody asked for it', async () => {
    const input = { ...anInput, force: true as const };
    expect(await attempt({}, { callSettings: open(), input })).toHaveProperty('response');
  });

  it('but not the first one after the circuit breaker was open long enough', async () => {
    expect(await attempt({}, { callSettings: overdue() })).toHaveProperty('response');
  });

  it('when another one sees at that moment whether the host is back', async () => {
    const destinations = { ...silent, claimProbe: async () => false };
    const callSettings = overdue();
    await expect(attempt({}, { callSettings, destinations })).rejects.toEqual(heldFailure(/does not answer/));
  });

  const paused = { paused_at: '2026-07-10T00:00:00Z' };

  it('while its rule is paused', async () => {
    await expect(attempt({}, { rule: paused })).rejects.toEqual(heldFailure(/the rule is paused since/));
  });

  it('but not a trial of a paused rule', async () => {
    const input = { ...anInput, test: true as const };
    expect(await attempt({}, { rule: paused, input })).toHaveProperty('response');
  });
});
