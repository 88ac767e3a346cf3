import type { LoadedDataConverter } from '@temporalio/common';
import {
  decodeFromPayloadsAtIndex,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow';
import { tsToMs } from '@temporalio/common/lib/time';
import type { temporal } from '@temporalio/proto';
import { ANSWER_RECORDED, firstStepOf, resultAtOnce, type MadeAtOnce } from '../shared/attempt-at-once';
import { attemptVerdict, type AttemptFailure } from '../shared/attempt-failure';
import type { DeliveredAttempt, SkippedStep } from '../shared/called-webhook';
import type { Escalation, RuleExecution } from '../shared/execution';
import { DEFAULT_WORKSPACE } from '../shared/ids';
import { pause, resume, type ExecutionReport } from '../workflows/messages';
import { isoTime } from './execution-summary';
import type { ExecutionDetail } from './executions';
import type { HistoryEvent } from './history-pages';
import { cancellationOf } from './cancellation-of';

type Payloads = temporal.api.common.v1.IPayloads | null | undefined;
type Failure = temporal.api.failure.v1.IFailure | null | undefined;

/** One attempt: an activity `deliverWebhook`, or what was made at once. */
export interface Call {
  /** As much of its input as is needed here. */
  input: { stepId: string; createdAt: string; retries: number };
  /** Absent while it is under way; `none` when no attempt came of it: it was cancelled or held, or its rule was gone. */
  outcome?: DeliveredAttempt | SkippedStep | AttemptFailure | 'none';
}

/** What the history of one execution says, once its events were read in order. Old ones lack what came later. */
export class ExecutionTimeline {
  /** Absent before the first event. */
  execution?: RuleExecution;
  startedAt = '';
  endedAt: string | null = null;
  /** In the order in which they were scheduled. */
  readonly calls: Call[] = [];
  /** What it waits for. */
  wait: ExecutionDetail['next_retry'] = null;
  /** Why it is held. */
  hold: ExecutionDetail['hold'] = null;
  /** Why it was held last. */
  heldFor = '';
  /** Whether somebody paused it. */
  paused = false;
  /** Who cancelled it, and why. */
  cancellation: { by: string; reason: string | null } | null = null;
  escalating = false;
  escalation: Escalation | undefined;
  /** How it ended. */
  ended: 'cancelled' | 'failed' | 'terminated' | ExecutionReport | undefined;

  private readonly callsById = new Map<string, Call>();
  private timerId: string | undefined;

  constructor(private readonly dataConverter: LoadedDataConverter) {}

  /** Whose it is. */
  get workspace(): string {
    return this.execution?.workspace ?? DEFAULT_WORKSPACE;
  }

  /** Whether a call is under way or about to be made. */
  get isCalling(): boolean {
    return this.ended === undefined && this.calls.some(({ outcome }) => outcome === undefined);
  }

  async read(event: HistoryEvent): Promise<void> {
    const started = event.workflowExecutionStartedEventAttributes;
    if (started) {
      this.startedAt = isoTime(event.eventTime) ?? '';
      if (started.workflowType?.name !== 'executeRule') return;
      this.execution = await this.decode<RuleExecution>(started.input);
    }
    await this.readActivity(event);
    this.readOrders(event);
    await this.readTimer(event);
    await this.readEnd(event);
  }

  private async readActivity(event: HistoryEvent): Promise<void> {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled?.activityType?.name === 'escalate') this.escalating = true;
    if (scheduled?.activityType?.name === 'deliverWebhook') {
      const call: Call = { input: await this.decode<Call['input']>(scheduled.input) };
      this.callsById.set(String(event.eventId), call);
      this.calls.push(call);
      this.hold = null;
    }
    const atOnce = resultAtOnce(event.markerRecordedEventAttributes);
    if (atOnce && this.execution) await this.readAtOnce(this.execution, atOnce);
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed) {
      const call = this.callsById.get(String(completed.scheduledEventId));
      if (call === undefined) this.escalation = await this.decode<Escalation>(completed.result);
      else call.outcome = await this.decode<DeliveredAttempt | SkippedStep>(completed.result);
    }
    const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
    const failedCall = failed && this.callsById.get(String(failed.scheduledEventId));
    if (failedCall) failedCall.outcome = await this.failedAttempt(failed.failure);
    const cancelled = event.activityTaskCanceledEventAttributes;
    const cancelledCall = cancelled && this.callsById.get(String(cancelled.scheduledEventId));
    if (cancelledCall) cancelledCall.outcome = 'none';
  }

  /** One that failed, or was not made, has an activity of its own after it. */
  private async readAtOnce(execution: RuleExecution, result: Payloads): Promise<void> {
    const outcome = await this.decode<MadeAtOnce>(result);
    if ('failed' in outcome || 'notNow' in outcome) return;
    const { id: stepId } = firstStepOf(execution);
    this.calls.push({ input: { stepId, createdAt: this.startedAt, retries: 0 }, outcome });
  }

  private async failedAttempt(failure: Failure): Promise<AttemptFailure | 'none'> {
    const cause = await decodeOptionalFailureToOptionalError(this.dataConverter, failure);
    const verdict = attemptVerdict(cause, failure?.message ?? 'unknown');
    if (verdict.kind === 'held') this.heldFor = verdict.hold.reason;
    return verdict.kind === 'attempt-failed' ? verdict.attempt : 'none';
  }

  private async readTimer(event: HistoryEvent): Promise<void> {
    const timer = event.timerStartedEventAttributes;
    const summary = timer ? await this.summaryOf(event) : undefined;
    if (timer && summary !== undefined && summary !== ANSWER_RECORDED) {
      this.timerId = timer.timerId ?? '';
      const dueAt = new Date(tsToMs(event.eventTime) + tsToMs(timer.startToFireTimeout)).toISOString();
      const until = endOfHold(summary);
      if (until === undefined) this.wait = { number: 1, of: 1, at: dueAt, ...announcedRetry(summary) };
      else this.hold = { reason: this.heldFor, looks_again_at: dueAt, until };
    }
    const over = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes;
    if (over && over.timerId === this.timerId) {
      this.wait = null;
      this.hold = null;
    }
  }

  /** What people have told it. */
  private readOrders(event: HistoryEvent): void {
    const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name;
    if (update === pause.name) this.paused = true;
    if (update === resume.name) this.paused = false;
    const cancelled = event.workflowExecutionCancelRequestedEventAttributes;
    if (cancelled) this.cancellation = cancellationOf(cancelled);
  }

  private async summaryOf({ userMetadata }: HistoryEvent): Promise<string> {
    return userMetadata?.summary ? this.decode<string>({ payloads: [userMetadata.summary] }) : '';
  }

  private async readEnd(event: HistoryEvent): Promise<void> {
    const completed = event.workflowExecutionCompletedEventAttributes;
    if (completed) this.ended = await this.decode<ExecutionReport>(completed.result);
    else if (event.workflowExecutionCanceledEventAttributes) this.ended = 'cancelled';
    else if (event.workflowExecutionFailedEventAttributes) this.ended = 'failed';
    else if (event.workflowExecutionTimedOutEventAttributes) this.ended = 'failed';
    else if (event.workflowExecutionTerminatedEventAttributes) this.ended = 'terminated';
    else return;
    this.endedAt = isoTime(event.eventTime);
    this.wait = null;
    this.hold = null;
    this.paused = false;
  }

  private decode<T>(payloads: Payloads): Promise<T> {
    return decodeFromPayloadsAtIndex<T>(this.dataConverter, 0, payloads?.payloads);
  }
}

/** When a hold is given up, as the summary of its timer tells people; undefined: the timer is that of a retry. */
export function endOfHold(summary: string): string | undefined {
  return /^held, at most until (\S+):/.exec(summary)?.[1];
}

/** Which retry a timer waits for, as its summary tells people. */
function announcedRetry(summary: string): { number: number; of: number } | undefined {
  const [, number, of] = /^retry (\d+) of (\d+)/.exec(summary) ?? [];
  return number && of ? { number: Number(number), of: Number(of) } : undefined;
}
