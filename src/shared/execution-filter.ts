import type { ExecutionStatus } from './execution-status';

/** Which executions a list is about. All that are given must hold. */
export interface ExecutionFilter {
  workspace: string;
  /** One of these; a few hundred at most. */
  executionIds?: readonly string[] | undefined;
  ruleId?: string | undefined;
  domain?: string | undefined;
  /** `running` is any that has not ended; `terminated` one that an operator ended by force. */
  status?: ExecutionStatus | 'running' | 'terminated' | undefined;
  /** Any of these. */
  statuses?: readonly NonNullable<ExecutionFilter['status']>[] | undefined;
  /** The sender's id of the event. */
  eventId?: string | undefined;
  /** E.g. `grade_drop`, or the sender's own event type. */
  eventType?: string | undefined;
  test?: boolean | undefined;
  /** What somebody looks for: an id of an execution, an event or a rule, the beginning of a domain, a URL or its origin. */
  search?: string | undefined;
  /**
   * An origin: of the call that failed or is held, in executions that had one; otherwise of any of their steps. Not known of
   * executions that began before destinations were recorded.
   */
  destination?: string | undefined;
  /** Started at or after, and before. ISO 8601. */
  startedFrom?: string | undefined;
  startedBefore?: string | undefined;
  /** Ended at or after, and before; such have ended. ISO 8601. */
  endedFrom?: string | undefined;
  endedBefore?: string | undefined;
}
