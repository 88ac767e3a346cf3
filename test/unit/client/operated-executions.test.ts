import { executionDetail } from '../../../src/client/execution-detail';
import { timelineLines } from '../../../src/cli/execution-timeline';
import pc from 'picocolors';
import type { ExecutionDetail } from '../../../src/client/executions';
import { detailBefore, detailOf, read } from './recorded-details';
import { eventsOf } from './recorded-events';

const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const stands = ({ status, steps }: ExecutionDetail) => [status, ...steps.map(({ state }) => state)];

describe('an execution that is held', () => {
  it('says why, when it looks again and when it is given up', async () => {
    const detail = await detailBefore('held-then-released', 'workflowExecutionSignaledEventAttributes');
    expect(detail.hold).toEqual({
      reason: 'the rule is paused since 2026-07-10T00:00:00.000Z',
      looks_again_at: expect.stringMatching(ISO) as string,
      until: expect.stringMatching(ISO) as string,
    });
  });

  it('has a step that is held, and no attempt', async () => {
    const detail = await detailBefore('held-then-released', 'workflowExecutionSignaledEventAttributes');
    expect([...stands(detail), detail.steps[0]?.attempts]).toEqual(['held', 'held', []]);
  });

  it('is not held any more while it looks again', async () => {
    const detail = await detailBefore('held-then-released', 'activityTaskCompletedEventAttributes');
    expect([detail.status, detail.hold]).toEqual(['delivering', null]);
  });

  it('was escalated without an attempt when nobody released it', async () => {
    const detail = await detailOf('held-until-escalated');
    expect([...stands(detail), detail.escalation?.to]).toEqual(['escalated', 'failed', 'ada@example.com']);
  });
});

describe('an execution that is paused', () => {
  it.each([
    ['in a wait', 'paused-past-its-retry', ['paused', 'waiting_for_retry']],
    ['between two steps', 'paused-between-two-steps', ['paused', 'delivered', 'pending']],
    ['while it is held', 'paused-while-held', ['paused', 'pending']],
  ])('%s says so', async (_when, name, expected) => {
    const events = eventsOf(name);
    const resumed = events.findLastIndex((event) => event.workflowExecutionUpdateAcceptedEventAttributes);
    expect(stands((await read(events.slice(0, resumed))).detail)).toEqual(expected);
  });

  it('says that it calls, while a call is on its way', async () => {
    const detail = await detailBefore('paused-between-two-steps', 'activityTaskCompletedEventAttributes');
    expect(stands(detail)).toEqual(['delivering', 'delivering', 'pending']);
  });

  it('has no time of a next retry', async () => {
    const detail = await detailBefore('cancelled-while-paused', 'workflowExecutionCanceledEventAttributes');
    expect([detail.status, detail.next_retry]).toEqual(['paused', null]);
  });
});

describe('an execution that was cancelled', () => {
  it('says who asked for it, and why', async () => {
    const events = eventsOf('cancelled-while-held');
    const asked = events.find((event) => event.workflowExecutionCancelRequestedEventAttributes);
    Object.assign(asked?.workflowExecutionCancelRequestedEventAttributes ?? {}, {
      identity: 'key/ada',
      cause: 'sent by mistake',
    });
    const { detail } = await read(events);
    expect([detail.status, detail.cancellation]).toEqual([
      'cancelled',
      { by: 'key/ada', reason: 'sent by mistake' },
    ]);
  });
});

describe('an execution that is a restart', () => {
  it('names the one that it makes good, whose steps it keeps', async () => {
    const detail = await detailOf('restarted-from-the-failed-step');
    expect(stands(detail)).toEqual(['delivered', 'kept', 'delivered', 'delivered']);
    expect(detail.steps[0]?.reason).toBe(`called in ${detail.restart_of}`);
  });

  it.each(['restarted-from-the-failed-step', 'restarted-after-a-large-answer'])(
    '%s: its calls have what was answered before',
    async (name) => {
      const { steps } = await detailOf(name);
      const sent = steps.map(({ attempts }) => attempts[0]?.request?.body ?? '');
      expect(sent.map((body) => body.split('"url"').length - 1)).toEqual([0, 1, 2]);
    },
  );

  it('calls all steps when it is whole', async () => {
    const detail = await detailOf('restarted-whole');
    expect([detail.steps.map(({ attempts }) => attempts.length), detail.restart_of]).toEqual([
      [1, 1, 1],
      expect.stringMatching(/^[\da-f-]{36}$/) as string,
    ]);
  });
});

describe('the command line', () => {
  const shown = (detail: ExecutionDetail) =>
    timelineLines(detail, { verbose: false, colors: pc.createColors(false), width: undefined }).join('\n');

  it('shows why an execution is held', async () => {
    const detail = await detailBefore('held-then-released', 'workflowExecutionSignaledEventAttributes');
    expect(shown(detail)).toMatch(
      /held {6}the rule is paused since 2026-07-10T00:00:00\.000Z; looks again at \S+ \(.*\), given up at \S+Z/,
    );
  });

  it('shows the links of restarts in both directions', async () => {
    const { timeline } = await read(eventsOf('restarted-whole'));
    if (timeline.execution === undefined) throw new Error('the history has no beginning');
    const text = shown(executionDetail(timeline.execution, timeline, { restartedAs: 'another' }));
    expect(text).toContain(`restarts  ${timeline.execution.restart?.of}`);
    expect(text).toContain('restarted as another');
  });
});
