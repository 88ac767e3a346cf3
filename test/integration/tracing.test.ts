import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../support/executions';
import { OtlpCollector, type CollectedSpan } from '../support/otlp-collector';
import { answerJson, Receiver } from '../support/receiver';
import { ServiceProcess } from '../support/service';
import { temporaryFolder } from '../support/temporary-folder';

const SENDERS_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SENDERS_SPAN = '00f067aa0ba902b7';
const EXECUTION = 'rule_webhooks.execution.id';
const FAILED = 2;

let collector: OtlpCollector;
let receiver: Receiver;
let service: ServiceProcess;
let isDown = true;
beforeAll(async () => {
  collector = await OtlpCollector.start();
  receiver = await Receiver.start((request, response) => {
    const isFailing = request.path.startsWith('/failing') && isDown;
    answerJson(isFailing ? 503 : 200, {})(request, response);
  });
  service = await ServiceProcess.start(temporaryFolder(), {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_SERVICE_NAME: 'rules-of-acme',
  });
  const { status, body } = await service.call('PUT', '/v1/rules', {
    rules: [
      ruleOf('two-steps', { steps: [stepOf('first?token=hush'), stepOf('second')] }),
      ruleOf('failing'),
      ruleOf('own-header', {
        steps: [{ ...stepOf('own'), headers: { traceparent: 'static', tracestate: 'a=b' } }],
      }),
      ...Array.from({ length: 11 }, (_, nth) => ruleOf(`many-${nth}`, { event: { type: 'many' } })),
      ruleOf('by-the-clock', { event: undefined, schedule: { cron: '0 9 1 1 *' } }),
    ],
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
});
afterAll(async () => {
  await service.kill('SIGTERM');
  await receiver.close();
  await collector.close();
});

const stepOf = (path: string) => ({ action: 'call_webhook', url: `${receiver.url}/${path}` });

const ruleOf = (id: string, more: object = {}) => ({
  id,
  name: id,
  owner: { email: 'ada@example.com' },
  event: { type: id },
  steps: [stepOf(id)],
  retry_schedule: ['1s'],
  ...more,
});

/** Posts an event of a sender's span. @returns the execution that it starts */
async function post(type: string, traceparent = `00-${SENDERS_TRACE}-${SENDERS_SPAN}-01`): Promise<string> {
  const event = { type, data: {} };
  const { body } = await service.call<{ executions: { execution_id: string }[] }>(
    'POST',
    '/v1/events',
    event,
    { traceparent },
  );
  return body.executions[0]?.execution_id ?? '';
}

/** The one span of an execution, by its name. */
async function spanOf(execution: string, name: string, attributes: object = {}): Promise<CollectedSpan> {
  const [span] = await collector.collected(name, { [EXECUTION]: execution, ...attributes });
  if (span === undefined) throw new Error(`no span ${name}`);
  return span;
}

async function childOf({ spanId }: CollectedSpan): Promise<CollectedSpan> {
  return until(async () => collector.spans().find(({ parentSpanId }) => parentSpanId === spanId));
}

it('one trace goes from the sender over the event, the start and the attempt to the receiver', async () => {
  const execution = await post('two-steps');
  const attempt = await spanOf(execution, 'deliver webhook', { 'rule_webhooks.step.id': 'step-1' });
  const start = await spanOf(execution, 'start execution');
  const call = await childOf(attempt);
  const posted = collector.spans('POST /v1/events').find(({ spanId }) => spanId === start.parentSpanId);

  expect([posted, start, attempt, call]).toMatchObject([
    { parentSpanId: SENDERS_SPAN, kind: 2 },
    { parentSpanId: posted?.spanId, kind: 4 },
    { parentSpanId: start.spanId, kind: 1 },
    { parentSpanId: attempt.spanId, kind: 3 },
  ]);
  expect(new Set([posted, start, attempt, call].map((span) => span?.traceId))).toEqual(
    new Set([SENDERS_TRACE]),
  );
  expect(receiver.to('/first')[0]?.headers['traceparent']).toBe(`00-${SENDERS_TRACE}-${call.spanId}-01`);
});

it('spans say what they are about, and nothing of a URL’s query', async () => {
  const execution = await post('two-steps');
  const attempt = await spanOf(execution, 'deliver webhook', { 'rule_webhooks.step.id': 'step-1' });
  const call = await childOf(attempt);
  expect(attempt).toMatchObject({
    attributes: {
      'rule_webhooks.rule.id': 'two-steps',
      'rule_webhooks.workspace.id': 'default',
      'rule_webhooks.attempt': 1,
      'rule_webhooks.outcome': 'delivered',
    },
    resource: { 'service.name': 'rules-of-acme' },
  });
  expect(call).toMatchObject({
    name: 'POST',
    attributes: {
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'url.full': `${receiver.url}/first`,
      'server.address': '127.0.0.1',
    },
  });
  expect(JSON.stringify(collector.requests)).not.toContain('hush');
});

it('what fails is an error, and its retry, its e-mail and its restart are of the same trace', async () => {
  const execution = await post('failing');
  const [first, second] = await collector.collected('deliver webhook', { [EXECUTION]: execution }, 2);
  const escalation = await spanOf(execution, 'escalate');
  expect([first, second, escalation, await childOf(escalation)]).toMatchObject([
    {
      traceId: SENDERS_TRACE,
      attributes: { 'rule_webhooks.attempt': 1, 'rule_webhooks.outcome': 'failed' },
      status: { code: FAILED, message: '503 Service Unavailable' },
    },
    {
      traceId: SENDERS_TRACE,
      parentSpanId: first?.parentSpanId,
      attributes: { 'rule_webhooks.attempt': 2 },
      status: { code: FAILED },
    },
    {
      traceId: SENDERS_TRACE,
      parentSpanId: first?.parentSpanId,
      attributes: { 'rule_webhooks.outcome': 'mailed' },
    },
    { traceId: SENDERS_TRACE, name: 'send mail', kind: 3 },
  ]);

  isDown = false;
  await until(async () => {
    const { body } = await service.get<{ status: string }>(`/v1/executions/${execution}`);
    return body.status === 'escalated' ? true : undefined;
  });
  const { body } = await service.call<{ restarted_as: string }>(
    'POST',
    `/v1/executions/${execution}/restart`,
  );
  const start = await spanOf(body.restarted_as, 'start execution');
  expect(start).toMatchObject({ traceId: SENDERS_TRACE, parentSpanId: first?.parentSpanId });
  expect(await spanOf(body.restarted_as, 'deliver webhook')).toMatchObject({ parentSpanId: start.spanId });
});

it('a rule’s own header gives way, and people are shown the one that was sent', async () => {
  const execution = await post('own-header');
  await spanOf(execution, 'deliver webhook');
  const { traceparent, tracestate } = receiver.to('/own')[0]?.headers ?? {};
  expect(traceparent).toMatch(new RegExp(`^00-${SENDERS_TRACE}-`));
  expect(tracestate).toBeUndefined();
  const shown = await until(async () => {
    const { body } = await service.get<{
      steps: { attempts: { request: { headers: Record<string, string> } | null }[] }[];
    }>(`/v1/executions/${execution}`);
    return body.steps[0]?.attempts[0]?.request?.headers;
  });
  expect(shown['traceparent']).toBe(traceparent);
});

it('a dispatcher’s executions are of the event’s trace', async () => {
  const before = collector.spans('start execution').length;
  await post('many');
  await receiver.received(11, '/many-');
  const starts = await until(async () => {
    const spans = collector.spans('start execution').slice(before);
    return spans.length === 11 ? spans : undefined;
  });
  const parents = new Set(starts.map(({ traceId, parentSpanId }) => `${traceId} ${parentSpanId ?? ''}`));
  const posted = collector.spans('POST /v1/events').at(-1);
  expect([...parents]).toEqual([`${SENDERS_TRACE} ${posted?.spanId ?? ''}`]);
});

it.each([
  ['without a valid one', 'nonsense', 'POST /v1/events'],
  ['by the clock', undefined, 'start execution'],
])('what comes %s begins a trace of its own', async (_how, traceparent, name) => {
  if (traceparent !== undefined) await post('two-steps', traceparent);
  else await service.call('POST', '/v1/rules/by-the-clock/schedule/trigger');
  const root = await until(async () => collector.spans(name).find(({ parentSpanId }) => !parentSpanId));
  const child = await childOf(root);
  expect(child.traceId).toBe(root.traceId);
  expect(root.traceId).not.toBe(SENDERS_TRACE);
});

it('a service that stops hands over what is left', async () => {
  const { body } = await service.event({ type: 'nobody-listens', data: {} });
  await service.kill('SIGTERM');
  await delay(0);
  expect(body.matched).toBe(0);
  expect(collector.spans('POST /v1/events').at(-1)).toMatchObject({
    attributes: { 'http.response.status_code': 202 },
  });
});
