import type { ExecutionAction } from './execution-actions';
import type { ExecutionFilter } from './execution-filter';

/** The input of the workflow `bulkOperation`: one action on many executions, at a limited rate. */
export interface BulkOperation {
  /** Another operation by the same id is the same operation. */
  id: string;
  workspace: string;
  action: ExecutionAction;
  /**
   * `noticeId`: told of by this notice. Whoever gives it gives the notice's rule too: a worker of an older build, which does
   * not know of notices, then goes no further than that rule.
   */
  filter: Omit<ExecutionFilter, 'workspace' | 'executionIds' | 'search'> & { noticeId?: string | undefined };
  /** Executions that are acted on in a second, at most. */
  perSecond: number;
  /** Of a cancellation. */
  reason?: string;
  /** E.g. `key/k_3f9a…`. */
  requestedBy: string;
  /** What earlier runs of the workflow did, when it continues as new. */
  progress?: BulkProgress;
  /** Where they ended. */
  cursor?: string;
}

/** How far a bulk operation is: its query's answer, and its result. */
export interface BulkProgress {
  /** How many executions there were when it began. */
  selected: number;
  done: number;
  /** Those that the action did not fit, by reason. */
  refused: Record<string, number>;
  /** The first of those. */
  examples: { executionId: string; reason: string }[];
  /** Somebody ended it before its end. */
  cancelled?: true;
}

/** What became of one batch. */
export interface BulkBatch {
  done: number;
  refused: { executionId: string; reason: string }[];
  /** Where the next batch begins; undefined: that was the last one. */
  cursor?: string | undefined;
}
