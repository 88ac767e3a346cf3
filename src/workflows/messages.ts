import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { DispatchProgress } from '../shared/event-dispatch';
import type { Escalation, RuleExecution } from '../shared/execution';

/**
 * How an execution stands:
 * - `delivering`: a call is on its way, or about to be;
 * - `waiting_for_retry`: until the time in `nextRetry`, or until `retryNow`;
 * - `escalating`: the schedule is over, and the e-mail to the owner is on its way;
 * - `delivered`: ended with no step left, each delivered or skipped;
 * - `escalated`, `cancelled`: ended so;
 * - `abandoned`: ended because the rule or the step was deleted;
 * - `failed`: ended because even the e-mail could not be sent, for 30 days.
 */
export type ExecutionStatus =
  | 'delivering'
  | 'waiting_for_retry'
  | 'escalating'
  | 'delivered'
  | 'escalated'
  | 'cancelled'
  | 'abandoned'
  | 'failed';

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
  /** Why it was skipped: its condition did not hold, at first or at a retry. */
  skipped?: string;
}

/** An execution at a glance: the query's answer while it runs, the workflow's result when it has ended. */
export interface ExecutionReport extends Pick<RuleExecution, 'executionId' | 'rule' | 'event'> {
  /** Absent when the event is about no scorecard. */
  domain?: string;
  /** ISO 8601, UTC, milliseconds. */
  createdAt: string;
  status: ExecutionStatus;
  steps: StepReport[];
  nextRetry?: { number: number; of: number; at: string };
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

/** How far a dispatcher is; answers at any time. */
export const getDispatch = defineQuery<DispatchProgress & { matched: number }>('getDispatch');
