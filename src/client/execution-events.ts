import type { LoadedDataConverter } from '@temporalio/common';
import { decodeFromPayloadsAtIndex } from '@temporalio/common/lib/internal-non-workflow';
import { tsToMs } from '@temporalio/common/lib/time';
import type { google, temporal } from '@temporalio/proto';
import { failureTypes } from '../shared/activity-failures';
import { ANSWER_RECORDED, resultAtOnce, type MadeAtOnce } from '../shared/attempt-at-once';
import type { DeliveredAttempt, SkippedStep } from '../shared/called-webhook';
import type { Escalation } from '../shared/execution';
import { pause, release, resume, retryNow, type ExecutionReport } from '../workflows/messages';
import { cancellationOf } from './cancellation-of';
import { endOfHold } from './execution-timeline';
import type { HistoryEvent } from './history-pages';

type Payload = temporal.api.common.v1.IPayload;
type Payloads = temporal.api.common.v1.IPayloads;

/** What happens in an execution. Times are those of the server. */
export type ExecutionEvent = { at: Date } & (
  | { kind: 'calling'; call: string }
  | { kind: 'delivered'; call: string; attempt: DeliveredAttempt }
  | { kind: 'failed'; call: string; error: string }
  | { kind: 'skipped'; call: string; reason: string }
  | { kind: 'waiting'; retry: string; until: Date }
  | { kind: 'held'; reason: string }
  | { kind: 'retry-now' | 'paused' | 'resumed' | 'released' }
  | { kind: 'cancelling'; by: string; reason: string | null }
  | { kind: 'escalating' }
  | { kind: 'mailed'; escalation: Escalation }
  | { kind: 'ended'; how: 'completed'; report: ExecutionReport }
  | { kind: 'ended'; how: 'cancelled' | 'failed' | 'terminated' | 'timed out' }
);

/** What an update means. */
const ORDERS: Readonly<Record<string, 'retry-now' | 'paused' | 'resumed'>> = {
  [retryNow.name]: 'retry-now',
  [pause.name]: 'paused',
  [resume.name]: 'resumed',
};

/** Reads the events of one execution's history, in order, and says of each what it means, which may be nothing to people. */
export class ExecutionEventReader {
  /** What each scheduled activity is, by the id of the event that scheduled it. */
  private readonly activities = new Map<string, { name: string; call: string }>();

  constructor(private readonly dataConverter: LoadedDataConverter) {}

  async read(event: HistoryEvent): Promise<ExecutionEvent[]> {
    const at = dateOf(event.eventTime);
    const atOnce = resultAtOnce(event.markerRecordedEventAttributes);
    if (atOnce) return this.readAtOnce(event, atOnce, at);
    const happened =
      (await this.readActivity(event, at)) ??
      (await this.readWait(event, at)) ??
      this.readOrder(event, at) ??
      (await this.readEnd(event, at));
    return happened ? [happened] : [];
  }

  private async readActivity(event: HistoryEvent, at: Date): Promise<ExecutionEvent | undefined> {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      const name = scheduled.activityType?.name ?? '';
      const call = await this.summaryOf(event, name);
      this.activities.set(String(event.eventId), { name, call });
      return name === 'escalate' ? { at, kind: 'escalating' } : { at, kind: 'calling', call };
    }
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed) {
      const { name, call } = this.activityOf(completed);
      const result = completed.result?.payloads?.[0];
      if (name === 'escalate') return { at, kind: 'mailed', escalation: await this.decode(result) };
      return outcomeOf(at, call, await this.decode<DeliveredAttempt | SkippedStep>(result));
    }
    const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
    if (!failed) return undefined;
    const error = failed.failure?.message ?? 'unknown';
    if (failed.failure?.applicationFailureInfo?.type === failureTypes.held) {
      return { at, kind: 'held', reason: error };
    }
    return { at, kind: 'failed', call: this.activityOf(failed).call, error };
  }

  /** A first attempt that was made at once: its call and its outcome. What failed, or was not made, has an activity after it. */
  private async readAtOnce(event: HistoryEvent, { payloads }: Payloads, at: Date): Promise<ExecutionEvent[]> {
    const made = await this.decode<MadeAtOnce>(payloads?.[0]);
    if ('failed' in made || 'notNow' in made) return [];
    const call = await this.summaryOf(event, 'deliverAtOnce');
    return [{ at, kind: 'calling', call }, outcomeOf(at, call, made)];
  }

  private async readWait(event: HistoryEvent, at: Date): Promise<ExecutionEvent | undefined> {
    const timer = event.timerStartedEventAttributes;
    if (timer) {
      const until = new Date(at.getTime() + tsToMs(timer.startToFireTimeout));
      const summary = await this.summaryOf(event, 'retry');
      if (summary === ANSWER_RECORDED) return undefined;
      const givenUp = endOfHold(summary);
      const retry =
        givenUp === undefined ? summary : `looks again at ${until.toISOString()}, given up at ${givenUp}`;
      return { at, kind: 'waiting', retry, until };
    }
    return undefined;
  }

  /** What people have told it. */
  private readOrder(event: HistoryEvent, at: Date): ExecutionEvent | undefined {
    const update = event.workflowExecutionUpdateAcceptedEventAttributes;
    if (update) return { at, kind: ORDERS[update.acceptedRequest?.input?.name ?? ''] ?? 'retry-now' };
    const cancelled = event.workflowExecutionCancelRequestedEventAttributes;
    if (cancelled) return { at, kind: 'cancelling', ...cancellationOf(cancelled) };
    const signal = event.workflowExecutionSignaledEventAttributes?.signalName;
    return signal === release.name ? { at, kind: 'released' } : undefined;
  }

  private async readEnd(event: HistoryEvent, at: Date): Promise<ExecutionEvent | undefined> {
    const completed = event.workflowExecutionCompletedEventAttributes;
    if (completed) {
      return {
        at,
        kind: 'ended',
        how: 'completed',
        report: await this.decode(completed.result?.payloads?.[0]),
      };
    }
    if (event.workflowExecutionCanceledEventAttributes) return { at, kind: 'ended', how: 'cancelled' };
    if (event.workflowExecutionFailedEventAttributes) return { at, kind: 'ended', how: 'failed' };
    if (event.workflowExecutionTerminatedEventAttributes) return { at, kind: 'ended', how: 'terminated' };
    if (event.workflowExecutionTimedOutEventAttributes) return { at, kind: 'ended', how: 'timed out' };
    return undefined;
  }

  private activityOf(event: { scheduledEventId?: unknown }): { name: string; call: string } {
    return this.activities.get(String(event.scheduledEventId)) ?? { name: '', call: '' };
  }

  private async summaryOf({ userMetadata }: HistoryEvent, otherwise: string): Promise<string> {
    return userMetadata?.summary ? this.decode<string>(userMetadata.summary) : otherwise;
  }

  private decode<T>(payload: Payload | null | undefined): Promise<T> {
    return decodeFromPayloadsAtIndex<T>(this.dataConverter, 0, payload ? [payload] : []);
  }
}

function outcomeOf(at: Date, call: string, attempt: DeliveredAttempt | SkippedStep): ExecutionEvent {
  return 'skipped' in attempt
    ? { at, kind: 'skipped', call, reason: attempt.skipped }
    : { at, kind: 'delivered', call, attempt };
}

function dateOf(time: google.protobuf.ITimestamp | null | undefined): Date {
  return new Date(time ? tsToMs(time) : 0);
}
