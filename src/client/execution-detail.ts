import type { CalledWebhook } from '../shared/called-webhook';
import type { RuleExecution, StepReference } from '../shared/execution';
import { displayUrl } from '../shared/display';
import { workflowIdOf } from '../shared/ids';
import { attemptView, attemptWithoutRecord } from './attempt-view';
import type { Call, ExecutionTimeline } from './execution-timeline';
import { plannedRetries } from './planned-retries';
import type { RoomWait } from './room-wait';
import type { ExecutionAttempt, ExecutionDetail } from './executions';

type StepDetail = ExecutionDetail['steps'][number];
type StepStanding = Pick<StepDetail, 'id' | 'target' | 'state' | 'reason'>;

/**
 * What is shown of an execution whose history was read.
 *
 * @param beside what its history does not say: what its open call waits for, and which execution makes it good
 */
export function executionDetail(
  execution: RuleExecution,
  timeline: ExecutionTimeline,
  { roomWait, restartedAs }: { roomWait?: RoomWait | undefined; restartedAs?: string | undefined } = {},
): ExecutionDetail {
  const { executionId, rule, event, message, test = false } = execution;
  const { ended, startedAt, wait, escalation } = timeline;
  return {
    execution_id: executionId,
    workflow_id: workflowIdOf(executionId),
    rule,
    domain: message.domain ?? null,
    event,
    status: statusOf(timeline),
    test,
    started_at: startedAt,
    ended_at: timeline.endedAt,
    next_retry_at: wait?.at ?? null,
    created_at: startedAt,
    trigger: message.trigger,
    steps: stepsOf(execution, timeline, roomWait),
    next_retry: wait,
    hold: timeline.hold,
    cancellation: timeline.cancellation,
    restart_of: execution.restart?.of ?? null,
    restarted_as: restartedAs ?? null,
    escalation: escalation
      ? {
          to: escalation.to,
          message_id: escalation.messageId ?? null,
          sent_at: escalation.sentAt ?? null,
          gathered_until: escalation.gatheredUntil ?? null,
        }
      : null,
    reason: typeof ended === 'object' ? (ended.reason ?? null) : null,
  };
}

function statusOf(timeline: ExecutionTimeline): ExecutionDetail['status'] {
  const { ended, escalating, wait, hold, paused, isCalling } = timeline;
  if (ended !== undefined) return typeof ended === 'object' ? ended.status : ended;
  if (escalating) return 'escalating';
  if (paused && !isCalling) return 'paused';
  if (hold !== null) return 'held';
  return wait === null ? 'delivering' : 'waiting_for_retry';
}

function stepsOf(
  execution: RuleExecution,
  timeline: ExecutionTimeline,
  roomWait: RoomWait | undefined,
): StepDetail[] {
  const { message, executionId, restart } = execution;
  /** What the steps so far called, as each request has it. */
  const earlier: CalledWebhook[] = [...(restart?.earlier ?? [])];
  return execution.steps.map((step, index) => {
    if (restart && index < restart.fromStep) {
      return {
        id: step.id,
        target: step.target,
        state: 'kept',
        reason: `called in ${restart.of}`,
        attempts: [],
        answer: answerOf(restart.earlier.find((called) => called.step === step.id)),
        schedule: [],
      };
    }
    const calls = timeline.calls.filter(({ input }) => input.stepId === step.id);
    const attempts = calls.flatMap(({ input: { retries, createdAt }, outcome }): ExecutionAttempt[] => {
      if (outcome === undefined) {
        if (roomWait) return [];
        const error = timeline.ended === undefined ? null : 'the execution ended before the answer was there';
        return [attemptWithoutRecord(retries, error)];
      }
      if (outcome === 'none' || 'skipped' in outcome) return [];
      return [attemptView(outcome, { message, executionId, createdAt, retries, earlier: [...earlier] })];
    });
    const last = calls.at(-1)?.outcome;
    const called = typeof last === 'object' && 'response' in last ? last : undefined;
    if (called) earlier.push({ url: called.url, response: called.response });
    const answer = answerOf(called);
    const isCalling = calls.length > 0 && last === undefined;
    const state =
      isCalling && roomWait ? waitingForRoom(step, roomWait) : stateOf(step, calls, attempts, timeline);
    const isOpen = !['delivered', 'skipped', 'failed'].includes(state.state) && timeline.ended === undefined;
    const schedule = plannedRetries(execution.retryDelaysMs, attempts, { isOpen, next: timeline.wait });
    return { ...state, attempts, answer, schedule };
  });
}

function answerOf(called: CalledWebhook | undefined): StepDetail['answer'] {
  if (called === undefined) return null;
  const { status, body } = called.response;
  return {
    url: displayUrl(called.url),
    status,
    body_bytes: body.bytes,
    truncated: body.truncated ?? false,
  };
}

function waitingForRoom({ id, target }: StepReference, { reason, until }: RoomWait): StepStanding {
  const again = until === null ? '' : `; looks again at ${until}`;
  return { id, target, state: 'waiting_for_room', reason: `${reason}${again}` };
}

function stateOf(
  { id, target }: StepReference,
  calls: Call[],
  attempts: ExecutionAttempt[],
  { ended, escalating, wait, hold, heldFor, paused }: ExecutionTimeline,
): StepStanding {
  const step = { id, target, reason: null };
  const last = calls.at(-1)?.outcome;
  if (typeof last === 'object' && 'skipped' in last)
    return { ...step, state: 'skipped', reason: last.skipped };
  if (typeof last === 'object' && 'response' in last) return { ...step, state: 'delivered' };
  if (hold !== null && last === 'none') return { ...step, state: 'held', reason: hold.reason };
  if (attempts.length === 0) {
    const isGivenUp = escalating && last === 'none';
    return isGivenUp ? { ...step, state: 'failed', reason: heldFor } : { ...step, state: 'pending' };
  }
  if (ended !== undefined || escalating) return { ...step, state: 'failed' };
  const isWaiting = wait !== null || (paused && last !== undefined);
  return { ...step, state: isWaiting ? 'waiting_for_retry' : 'delivering' };
}
