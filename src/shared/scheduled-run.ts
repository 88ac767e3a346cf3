import type { StartedBatch } from './event-dispatch';

/** The input of the workflow `runSchedule`, which a rule's schedule starts. */
export interface ScheduledRun {
  workspace: string;
  ruleId: string;
  /** What earlier runs of the workflow did, when it continues as new, and after which scorecard it goes on. */
  soFar?: { report: RunReport; after: string };
}

/** What came of a run. */
export interface RunReport extends StartedBatch {
  /** When it was due, ISO 8601, UTC. */
  dueAt: string;
  /** The rule is not there any more, or has no schedule. */
  withoutRule?: true;
}

/** Some of the scorecards that a rule runs for, in the order of their ids. */
export interface RunBatchRequest {
  workspace: string;
  ruleId: string;
  dueAt: string;
  /** The scorecard before the first one. Absent: from the beginning. */
  after?: string;
}

/** What came of them. */
export interface RunBatch extends StartedBatch {
  /** The last one of them; absent: there are no more. */
  after?: string;
  withoutRule?: true;
}
