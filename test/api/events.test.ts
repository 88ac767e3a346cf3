import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { ruleDocument, rulebookDocument } from '../support/rules-file';
import { createLocalEnvironment } from '../support/temporal';
import { sampleEvent } from '../support/events';
import type { AcceptedAnswer } from '../support/api-caller';
import { ApiLab, pathsOf, type CheckedCaller } from './lab';

interface Result {
  index: number;
  status: number;
  event_id?: string;
  problem?: { status: number; errors: { path: string }[] };
}

let environment: TestWorkflowEnvironment;
let lab: ApiLab;
let admin: CheckedCaller;
beforeAll(async () => {
  environment = await createLocalEnvironment();
  lab = await ApiLab.open(environment.nativeConnection);
});
beforeEach(async () => {
  admin = await lab.workspace();
  await admin.call('PUT', '/v1/rules', rulebookDocument({ urls: ['https://example.com/hook'] }));
});
afterAll(async () => {
  await lab.close();
  await environment.teardown();
});

/** As text: what is documented is what each event should be, and one that is not spoils no other. */
async function batch(caller: CheckedCaller, events: unknown[]) {
  const text = JSON.stringify({ events });
  const { status, body } = await caller.call<{ results: Result[] }>('POST', '/v1/events/batch', text);
  return { status, results: body.results };
}

describe('posting an event', () => {
  it('answers the executions that it leads to', async () => {
    const posted = await admin.event(sampleEvent({ id: 'e-1' }));
    expect(posted).toMatchObject({
      status: 202,
      body: {
        event_id: 'e-1',
        duplicate: false,
        state: 'started',
        matched: 1,
        executions: [{ rule_id: 'watch', reason: expect.any(String) as string }],
      },
    });
    expect(posted.headers.get('location')).toBe('/v1/events/e-1');
    const [execution] = posted.body.executions;
    const described = await lab.client.workflow.getHandle(execution?.workflow_id ?? '').describe();
    expect(described.status.name).toBe('RUNNING');
  });

  it('keeps nothing of the sender’s trace while tracing is off', async () => {
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    const posted = await admin.call<AcceptedAnswer>('POST', '/v1/events', sampleEvent({ id: 'e-1' }), {
      traceparent,
    });
    expect(await lab.store.events.get(admin.workspace, 'e-1')).not.toHaveProperty('traceparent');
    const workflowId = posted.body.executions[0]?.workflow_id ?? '';
    const { events } = await lab.client.workflow.getHandle(workflowId).fetchHistory();
    const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    expect(JSON.parse(Buffer.from(input?.data ?? []).toString())).not.toHaveProperty('traceparent');
  });

  it('again answers the same, and starts nothing', async () => {
    const first = await admin.event(sampleEvent({ id: 'e-1' }));
    const second = await admin.event(sampleEvent({ id: 'e-1' }));
    expect(second).toMatchObject({ status: 202, body: { ...first.body, duplicate: true } });
  });

  it('with another body under the same id is refused', async () => {
    await admin.event(sampleEvent({ id: 'e-1' }));
    expect((await admin.event(sampleEvent({ id: 'e-1', scorecard_id: 'other' }))).status).toBe(409);
  });

  it('takes the Idempotency-Key for its id', async () => {
    const event = { ...sampleEvent(), id: undefined };
    const post = () => admin.call('POST', '/v1/events', event, { 'idempotency-key': 'key-1' });
    expect(await post()).toMatchObject({ body: { event_id: 'key-1', duplicate: false } });
    expect(await post()).toMatchObject({ body: { event_id: 'key-1', duplicate: true } });
  });

  it('is refused when the Idempotency-Key is not its id', async () => {
    const post = (key: string) =>
      admin.call('POST', '/v1/events', sampleEvent({ id: 'e-1' }), { 'idempotency-key': key });
    expect(pathsOf(await post('e-2'))).toEqual(['id']);
    expect((await post('e-1')).status).toBe(202);
  });

  it('gets an id when it has none', async () => {
    const event = { ...sampleEvent(), id: undefined };
    const [first, second] = [await admin.event(event), await admin.event(event)];
    expect(first.body.event_id).not.toBe(second.body.event_id);
  });

  it('says why other rules did not match, when it is asked', async () => {
    const other = ruleDocument({ id: 'other', urls: ['https://example.com'] });
    const changes = { value: 'score_drop_threshold', threshold: 10 };
    await admin.call('POST', '/v1/rules', { ...other, filters: { ...other.filters, changes } });
    const explained = await admin.call('POST', '/v1/events?explain=true', sampleEvent({ id: 'e-1' }));
    expect(explained.body['unmatched']).toEqual({
      total: 1,
      rules: [{ rule_id: 'other', reason: expect.any(String) as string }],
    });
    expect((await admin.event(sampleEvent({ id: 'e-2' }))).body).not.toHaveProperty('unmatched');
  });

  it('is refused with the path of each bad field', async () => {
    const refused = await admin.call('POST', '/v1/events', {
      ...sampleEvent(),
      domain: '',
      current: { score: 101 },
    });
    expect(refused.status).toBe(422);
    expect(pathsOf(refused).sort()).toEqual(['current.score', 'domain']);
  });

  it('is refused when its data are not as its type has them', async () => {
    const schema = { type: 'object', properties: { amount: { type: 'number' } } };
    await admin.call('PUT', '/v1/event-types/invoice.paid', { schema });
    const event = { type: 'invoice.paid', data: { amount: 'much' } };
    const refused = await admin.call('POST', '/v1/events', event);
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(['data.amount']);
  });

  it('is refused when it is a trial of a rule that is not there', async () => {
    const refused = await admin.call('POST', '/v1/events', sampleEvent({ trial: { rule_id: 'none' } }));
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual(['trial.rule_id']);
  });
});

describe('an accepted event', () => {
  it('is shown with its executions', async () => {
    const event = sampleEvent({ id: 'e/1' });
    const { body: accepted, headers } = await admin.event(event);
    const { body } = await admin.get(headers.get('location') ?? '');
    expect(body).toMatchObject({ event_id: 'e/1', event, state: 'started', matched: 1 });
    expect(body['executions']).toEqual(accepted.executions);
  });

  it('is listed, newest first', async () => {
    await admin.event(sampleEvent({ id: 'e-1' }));
    await admin.event({ id: 'e-2', type: 'nobody.listens', data: {} });
    expect((await admin.get('/v1/events')).body['items']).toMatchObject([
      { event_id: 'e-2', type: 'nobody.listens', domain: null, matched: 0 },
      { event_id: 'e-1', type: 'scorecard.changed', domain: 'example.com', matched: 1 },
    ]);
  });

  it.each([
    ['type=nobody.listens', ['e-2']],
    ['type=scorecard.changed', ['e-1']],
    ['domain=Example.com', ['e-1']],
    ['domain=example.com&type=nobody.listens', []],
  ])('is listed with %s when it is so', async (query, expected) => {
    await admin.event(sampleEvent({ id: 'e-1' }));
    await admin.event({ id: 'e-2', type: 'nobody.listens', data: {} });
    const listed = await admin.all<{ event_id: string }>(`/v1/events?${query}`);
    expect(listed.map(({ event_id }) => event_id)).toEqual(expected);
  });

  it('that is not there is 404', async () => {
    expect((await admin.get('/v1/events/none')).status).toBe(404);
  });
});

describe('a test of a rule', () => {
  it('runs it alone, with an event that was made up', async () => {
    await admin.call('POST', '/v1/rules', ruleDocument({ id: 'other', urls: ['https://example.com'] }));
    const tested = await admin.call('POST', '/v1/rules/watch/test');
    expect(tested).toMatchObject({ status: 202, body: { matched: 1, executions: [{ rule_id: 'watch' }] } });
    const { body } = await admin.get(tested.headers.get('location') ?? '');
    expect(body).toMatchObject({ event: { trial: { rule_id: 'watch' } } });
  });

  it('runs it with the event that it is given, and leaves its id to the real one', async () => {
    const event = sampleEvent({ id: 'e-1' });
    expect(await admin.call('POST', '/v1/rules/watch/test', event)).toMatchObject({
      status: 202,
      body: { event_id: 'e-1', duplicate: false },
    });
    expect(await admin.event(event)).toMatchObject({ status: 202, body: { duplicate: false } });
  });

  it('is refused with what is no event', async () => {
    expect(pathsOf(await admin.call('POST', '/v1/rules/watch/test', { type: 'x' }))).not.toEqual([]);
  });

  const changes = [
    { value: 'grade_drop' },
    { value: 'grade_drop', grade: 'F' },
    { value: 'grade_raise', grade: 'A' },
    { value: 'factor_grade_drop', factor: 'dns_health', grade: 'C' },
    { value: 'factor_grade_raise' },
    { value: 'score_drop_threshold', threshold: 1 },
    { value: 'score_rise_threshold', threshold: 100 },
    { value: 'factor_score_drop_threshold', factor: ['dns_health', 'ip_reputation'], threshold: 50 },
    { value: 'factor_score_rise_threshold', threshold: 0.5 },
    { value: 'new_issues', selected: 'any' },
    { value: 'new_issues', selected: 'by_severity', severity: 'critical' },
    { value: 'new_issues', selected: 'by_type', types: ['malware'] },
    { value: 'breach_reported' },
  ];
  const events = [{ type: 'invoice.*' }, { type: '*' }, { type: 'invoice.paid' }];
  const rules = [
    ...changes.map((each) => ({ filters: { changes: each, scorecards: { value: 'followed' } } })),
    ...events.map((event) => ({ event })),
  ];

  it.each(rules.map((each) => [JSON.stringify(each), each]))(
    'makes up an event for %s',
    async (_name, parts) => {
      const rule = { ...ruleDocument({ urls: ['https://example.com'] }), filters: undefined, ...parts };
      expect((await admin.call('PUT', '/v1/rules/watch', rule)).status).toBe(200);
      const { body, headers } = await admin.call<{ executions: { reason: string }[] }>(
        'POST',
        '/v1/rules/watch/test',
      );
      expect(body.executions).toHaveLength(1);
      const { body: shown } = await admin.get<{ event: object }>(headers.get('location') ?? '');
      await admin.call('PUT', '/v1/scorecards/sample', { domain: 'example.com', followed: true });
      const real = { ...shown.event, trial: undefined };
      expect(
        await admin.call('POST', '/v1/rules/watch/explain', JSON.parse(JSON.stringify(real))),
      ).toMatchObject({
        body: { matches: true },
      });
    },
  );
});

describe('a batch', () => {
  it('answers for each event by itself', async () => {
    const { status, results } = await batch(admin, [
      sampleEvent({ id: 'e-1' }),
      { type: 'scorecard.changed' },
      sampleEvent({ id: 'e-1', scorecard_id: 'other' }),
      { id: 'e-2', type: 'nobody.listens', data: {} },
      'nonsense',
      { id: 'e-3', type: 'large.one', data: { text: 'x'.repeat(262_144) } },
    ]);
    expect(status).toBe(200);
    expect(results.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    const [first, second, third] = results;
    expect([first?.status, third?.status].sort()).toEqual([202, 409]);
    expect(second?.problem?.errors.map(({ path }) => path).sort()).toEqual(['domain', 'scorecard_id']);
    expect(results.map(({ status }) => status).slice(3)).toEqual([202, 422, 413]);
  });

  it('has a 500 for an event that fails for a reason that nobody foresaw, which is in the log', async () => {
    jest.spyOn(lab.store.events, 'register').mockRejectedValueOnce(new Error('out of paper'));
    const { results } = await batch(admin, [sampleEvent({ id: 'e-1' }), sampleEvent({ id: 'e-2' })]);
    const statuses = results.map(({ status }) => status).sort();
    const told = lab.log.filter((line) => line.includes('out of paper')).length;
    expect({ statuses, told }).toEqual({ statuses: [202, 500], told: 1 });
  });

  it('of 500 is taken, in their order', async () => {
    const events = Array.from({ length: 500 }, (_, nth) => ({
      id: `b-${nth}`,
      type: 'nobody.listens',
      data: {},
    }));
    const { results } = await batch(admin, events);
    expect(results.map(({ event_id }) => event_id)).toEqual(events.map(({ id }) => id));
  });

  it.each([[[]], [Array.from({ length: 501 }, () => ({ type: 'a.b', data: {} }))]])(
    'of none or of 501 is refused',
    async (events) => {
      expect((await batch(admin, events)).status).toBe(422);
    },
  );

  it('of 5 MB is taken, a larger one refused', async () => {
    const text = 'x'.repeat(200_000);
    const sized = (count: number) => Array.from({ length: count }, () => ({ type: 'a.b', data: { text } }));
    expect((await batch(admin, sized(26))).status).toBe(200);
    expect((await batch(admin, sized(27))).status).toBe(413);
  });
});
