import type { temporal } from '@temporalio/proto';
import type { ExecutionDetail } from '../../../src/client/executions';
import type { HistoryEvent } from '../../../src/client/history-pages';
import type { ExecutionReport } from '../../../src/workflows/messages';
import { historyOf } from '../../replay/histories';
import { detailBefore, detailOf, read } from './recorded-details';
import { eventsOf, recorded } from './recorded-events';

/** What was sent with each attempt of a step, parsed. */
function sent(detail: ExecutionDetail, step: number): unknown[] {
  return (detail.steps[step]?.attempts ?? []).map(
    ({ request }) => JSON.parse(request?.body ?? 'null') as unknown,
  );
}

const states = ({ steps }: ExecutionDetail) => steps.map(({ state }) => state);
const attempts = ({ steps }: ExecutionDetail) => steps.flatMap((step) => step.attempts);

describe('of every recorded execution that has ended with a report', () => {
  const completed = recorded.filter(
    (entry) => historyOf(entry).events.at(-1)?.workflowExecutionCompletedEventAttributes !== undefined,
  );

  async function compared(name: string): Promise<{ detail: ExecutionDetail; report: ExecutionReport }> {
    const { timeline, detail } = await read(eventsOf(name));
    return { detail, report: timeline.ended as ExecutionReport };
  }

  it.each(completed)('$case: the timeline has the attempts of the report', async ({ case: name }) => {
    const { detail, report } = await compared(name);
    expect(
      detail.steps.map((step) => step.attempts.map((each) => [each.url, each.status, each.error])),
    ).toEqual(
      report.steps.map((step) =>
        step.attempts.map((each) => [each.url ?? null, each.status ?? null, each.error ?? null]),
      ),
    );
  });

  it.each(completed)('$case: the timeline has the outcome of the report', async ({ case: name }) => {
    const { detail, report } = await compared(name);
    expect([detail.status, detail.reason, detail.created_at]).toEqual([
      report.status,
      report.reason ?? null,
      report.createdAt,
    ]);
  });
});

describe('an attempt', () => {
  it('that was delivered has its request, its time and its response', async () => {
    expect(attempts(await detailOf('success'))).toEqual([
      {
        number: 1,
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/1$/) as string,
        request: {
          method: 'POST',
          // Recorded before these were.
          headers: null,
          body: expect.stringContaining('"trigger"') as string,
          truncated: false,
        },
        timing: null,
        started_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
        duration_ms: expect.any(Number) as number,
        status: 200,
        error: null,
        response: {
          headers: expect.objectContaining({ 'content-type': 'application/json' }) as Record<string, string>,
          body: '{"ok":true}',
          encoding: 'utf8',
          truncated: false,
        },
      },
    ]);
  });

  it('that failed has the error, the status and the beginning of the answer', async () => {
    const [first] = attempts(await detailOf('retry-after'));
    expect(first).toMatchObject({
      status: 429,
      error: '429 Too Many Requests',
      response: { headers: { 'retry-after': '600' }, body: '', truncated: false },
    });
  });

  it('has the contract’s body of that very attempt', async () => {
    const detail = await detailOf('success-on-first-retry');
    const base = { execution_id: detail.execution_id, created_at: detail.created_at, domain: 'example.com' };
    expect(sent(detail, 0)).toEqual([
      expect.not.objectContaining({ retries: 1 }),
      expect.objectContaining({ ...base, retries: 1 }),
    ]);
  });

  it('of a later step has what the earlier ones answered', async () => {
    const [third] = sent(await detailOf('chain-of-three'), 2);
    expect(third).toMatchObject({
      webhooks: [
        { response: { status: 201, body: { id: 1 } } },
        { response: { status: 201, body: { id: 2 } } },
      ],
    });
  });

  it('has what the earlier ones answered, also when that was too large to be carried', async () => {
    const [third] = sent(await detailOf('large-chain'), 2);
    expect(third).toMatchObject({
      webhooks: [{ response: { status: 200 } }, { response: { body: { id: 2 } } }],
    });
  });

  it('that could not be made has neither request nor time', async () => {
    const [first] = attempts(await detailOf('call-that-could-not-be-made'));
    expect(first).toMatchObject({
      error: 'the call could not be made: the step cannot be read',
      url: null,
      request: null,
      started_at: null,
    });
  });

  it('whose template could not be rendered was not sent', async () => {
    const [first, second] = attempts(await detailOf('template-that-cannot-be-rendered'));
    expect([first?.request, first?.error]).toEqual([
      null,
      expect.stringMatching(/^the body cannot be made: invalid base64/),
    ]);
    expect(second?.request?.body).toMatch(/^"[0-9a-f-]{36}"$/);
  });

  it('has the method and the body that its step had', async () => {
    const [put, get, patch] = attempts(await detailOf('shaped-requests')).map(({ request }) => request);
    expect(put).toMatchObject({ method: 'PUT', body: '{"text":"Now 78"}', truncated: false });
    expect(get).toMatchObject({ method: 'GET', body: null, truncated: false });
    expect(patch).toMatchObject({ method: 'PATCH', body: expect.stringContaining('"webhooks"') as string });
  });

  it('never has the values of static headers', async () => {
    expect(JSON.stringify(await detailOf('shaped-requests'))).not.toContain('risk');
  });
});

describe('an execution', () => {
  it.each([
    ['chain-of-three', ['delivered', 'delivered', 'delivered']],
    ['escalated-chain', ['delivered', 'failed', 'pending']],
    ['abandoned-step-removed', ['delivered', 'pending']],
    ['cancelled-during-a-call-of-a-chain', ['delivered', 'pending']],
    ['cancelled-before-it-began', ['pending']],
    ['cancelled-in-a-wait', ['failed']],
    ['skipped-step', ['delivered', 'skipped', 'delivered']],
    ['skipped-on-a-retry', ['skipped', 'delivered']],
    ['all-steps-skipped', ['skipped', 'skipped']],
  ])('%s shows how each step stands', async (name, expected) => {
    expect(states(await detailOf(name))).toEqual(expected);
  });

  it.each([
    ['cancelled-in-a-wait', 'cancelled'],
    ['failed-without-an-escalation', 'failed'],
  ])('%s, which has no report, shows how it ended', async (name, status) => {
    expect((await detailOf(name)).status).toBe(status);
  });

  it('that was escalated shows to whom and when', async () => {
    expect((await detailOf('escalated')).escalation).toEqual({
      to: 'ada@example.com',
      message_id: expect.stringContaining('rule-execution.') as string,
      sent_at: expect.stringMatching(/Z$/) as string,
      gathered_until: null,
    });
  });

  it('tells why a step was skipped', async () => {
    const { steps } = await detailOf('skipped-step');
    expect(steps[1]?.reason).toBe('trigger.current.score is 78, which is not below 50');
  });

  it('keeps the attempts of a step that was skipped on a retry', async () => {
    const { steps } = await detailOf('skipped-on-a-retry');
    expect(steps[0]?.attempts.map(({ status }) => status)).toEqual([503]);
  });

  it('that is a test says so', async () => {
    expect((await detailOf('trial')).test).toBe(true);
  });

  it('that nobody asked for is none', async () => {
    expect((await detailOf('success')).test).toBe(false);
  });

  it('belongs to its workspace; one from before there were any, to the default one', async () => {
    const workspaces = await Promise.all(
      ['trial', 'success'].map(async (name) => (await read(eventsOf(name))).timeline.workspace),
    );
    expect(workspaces).toEqual(['acme', 'default']);
  });

  it('says since when, and until when', async () => {
    const { started_at, ended_at } = await detailOf('escalated');
    expect(Math.round((Date.parse(ended_at ?? '') - Date.parse(started_at)) / 3_600_000)).toBe(36);
  });
});

describe('an execution that runs', () => {
  it('shows a call that is under way', async () => {
    const detail = await detailBefore('success', 'activityTaskStartedEventAttributes');
    expect([detail.status, states(detail), attempts(detail)]).toEqual([
      'delivering',
      ['delivering'],
      [expect.objectContaining({ number: 1, started_at: null, error: null, request: null })],
    ]);
  });

  it('shows a wait, and which retry it is for', async () => {
    const detail = await detailBefore('success-on-fifth-retry', 'timerFiredEventAttributes', 2);
    expect([detail.status, states(detail)]).toEqual(['waiting_for_retry', ['waiting_for_retry']]);
    const at = new Date(Date.parse(detail.started_at) + 3_600_000).toISOString().slice(0, -5);
    expect(detail.next_retry).toEqual({ number: 2, of: 5, at: expect.stringContaining(at) as string });
  });

  it('shows no wait after a retryNow', async () => {
    const detail = await detailBefore('retry-now-delivered', 'activityTaskStartedEventAttributes', 2);
    expect([detail.status, detail.next_retry, attempts(detail).length]).toEqual(['delivering', null, 2]);
  });

  it('shows that it escalates', async () => {
    const detail = await detailBefore('escalated-at-once', 'activityTaskStartedEventAttributes', 2);
    expect([detail.status, states(detail), detail.escalation]).toEqual(['escalating', ['failed'], null]);
  });

  it('has no end yet', async () => {
    const detail = await detailBefore('success', 'activityTaskStartedEventAttributes');
    expect(detail.ended_at).toBeNull();
  });
});

describe('an execution that was terminated', () => {
  const terminated = (last: HistoryEvent | undefined): temporal.api.history.v1.IHistoryEvent => ({
    ...(last?.eventTime && { eventTime: last.eventTime }),
    workflowExecutionTerminatedEventAttributes: {},
  });

  it('in a wait waits for nothing any more', async () => {
    const events = eventsOf('success-on-first-retry');
    const end = events.findIndex((event) => event.timerFiredEventAttributes);
    const { detail } = await read([...events.slice(0, end), terminated(events[end])]);
    expect([detail.status, states(detail), detail.next_retry]).toEqual(['terminated', ['failed'], null]);
  });

  it('in a call shows an attempt of which nothing is known', async () => {
    const events = eventsOf('success');
    const end = events.findIndex((event) => event.activityTaskStartedEventAttributes);
    const { detail } = await read([...events.slice(0, end), terminated(events[end])]);
    expect(states(detail)).toEqual(['failed']);
    expect(attempts(detail)).toMatchObject([{ error: 'the execution ended before the answer was there' }]);
  });
});
