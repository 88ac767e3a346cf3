import { ScheduleNotFoundError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { ScheduleRule } from '../rules/rule';
import { nextRuns } from '../rules/schedule';
import { scheduleIdOf } from '../shared/ids';
import type { runSchedule } from '../workflows/run-schedule';

/** Times of coming runs, and runs that were, which are shown. Temporal keeps ten of the latter. */
const SHOWN = 5;

/** A run that was. */
export interface PastRun {
  /** When it was due, and when it was begun. */
  dueAt: Date;
  begunAt: Date;
  workflowId: string;
  /** Temporal's word in lower case; undefined: its retention is over. */
  status: string | undefined;
  /** How many executions it started, and how many were there before; undefined: it has not ended well. */
  started: number | undefined;
  existed: number | undefined;
}

/** How a rule's schedule is doing. */
export interface ScheduleView {
  /** None while it is paused. */
  next: Date[];
  /** Newest first. */
  last: PastRun[];
  /** Runs that were due while nothing could run, for longer than `catchup`; and while another one was under way. */
  missed: number;
  skipped: number;
}

/** A rule's schedule as Temporal has it; as it will be, in the moment before Temporal has it. @throws ServiceError */
export async function viewSchedule(
  client: Client,
  workspace: string,
  rule: ScheduleRule,
): Promise<ScheduleView> {
  const isPaused = rule.paused_at != null;
  try {
    const { info } = await client.schedule.getHandle(scheduleIdOf(workspace, rule.id)).describe();
    const last = info.recentActions.slice(-SHOWN).reverse();
    return {
      next: isPaused ? [] : info.nextActionTimes.slice(0, SHOWN),
      last: await Promise.all(
        last.map(async ({ scheduledAt, takenAt, action }) => ({
          dueAt: scheduledAt,
          begunAt: takenAt,
          ...(await outcomeOf(client, action.workflow.workflowId, action.workflow.firstExecutionRunId)),
        })),
      ),
      missed: info.numActionsMissedCatchupWindow,
      skipped: info.numActionsSkippedOverlap,
    };
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    return {
      next: isPaused ? [] : nextRuns(rule.schedule, SHOWN, new Date()),
      last: [],
      missed: 0,
      skipped: 0,
    };
  }
}

async function outcomeOf(client: Client, workflowId: string, firstExecutionRunId: string) {
  const none = { workflowId, started: undefined, existed: undefined };
  // Of a run that continued as new, the last part.
  const handle = client.workflow.getHandle<typeof runSchedule>(workflowId, undefined, {
    firstExecutionRunId,
  });
  try {
    const { status } = await handle.describe();
    const name = status.name.toLowerCase();
    if (name !== 'completed') return { ...none, status: name };
    const { started, existed } = await handle.result();
    return { workflowId, status: name, started, existed };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { ...none, status: undefined };
    throw error;
  }
}
