import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { BulkProgress } from '../shared/bulk-operation';
import type { DispatchProgress } from '../shared/event-dispatch';
import type { Escalation, RuleExecution } from '../shared/execution';
import type { ExecutionStatus } from '../shared/execution-status';

export interface AttemptReport {
  /** Without its query. This and the two times are absent when no worker could make the call at all. */
  url?: string | undefined;
  /** ISO 8601, UTC. */
  startedAt?: string | undefined;
  durationMs?: number | undefined;
  status?: number | undefined;
  /** Absent when the receiver answered with 20x. */
  error?: string;
  /** Length of the kept response body. Bytes. */
  bytes?: number;
}

export interface StepReport {
  id: string;
  target: string;
  attempts: AttemptReport[];
  /** It was called in the execution that this one makes good: it is not called again. */
  kept?: true;
  /** Why it was skipped: its condition did not hold, at first or at a retry. */
  skipped?: string;
}

/** An execution at a glance: the query's answer while it runs, the workflow's result when it has ended. */
export interface ExecutionReport extends Pick<RuleExecution, 'executionId' | 'rule' | 'event'> {
  /** The execution that this one makes good. */
  restartOf?: string;
  /** Absent when the event is about no scorecard. */
  domain?: string;
  /** ISO 8601, UTC, milliseconds. */
  createdAt: string;
  status: ExecutionStatus;
  steps: StepReport[];
  nextRetry?: { number: number; of: number; at: string };
  /** While it is held: why; when it looks again by itself; when it is given up and escalated. Times: ISO 8601, UTC. */
  hold?: { reason: string; looksAgainAt: string; until: string };
  escalation?: Escalation;
  /** Why it was abandoned. */
  reason?: string;
}

/** Answers at any time, also after the end. */
export const getExecution = defineQuery<ExecutionReport>('getExecution');

/**
 * Ends the wait for the next retry at once. The extra attempt uses up no retry of the schedule: if it fails, the
 * execution waits for the same retry as before. Refused when nothing waits, so also right after another `retryNow`, and
 * after MAX_RETRY_NOW of them.
 *
 * @returns which attempt of its step this begins, the first being 1
 */
export const retryNow = defineUpdate<{ attempt: number }>('retryNow');

/**
 * Makes no further call until `resume`: neither a retry nor the first call of a step. A call that is on its way is made,
 * and `retryNow` makes one all the same. No schedule ends a pause. Refused when it is paused already.
 */
export const pause = defineUpdate<{ paused: boolean }>('pause');

/** Ends a pause: a retry whose time has passed meanwhile is made at once. Refused when nothing is paused. */
export const resume = defineUpdate<{ paused: boolean }>('resume');

/** Has a held execution look now whether it may go on. Of no effect on others. */
export const release = defineSignal('release');

/** Tells a rule's digest that an escalation was gathered after its last mail, and until when. ISO 8601, UTC. */
export const gathered = defineSignal<[until: string]>('gathered');

/** How far a dispatcher is; answers at any time. */
export const getDispatch = defineQuery<DispatchProgress & { matched: number }>('getDispatch');

/** How far a bulk operation is; answers at any time. */
export const getBulkOperation = defineQuery<BulkProgress>('getBulkOperation');
