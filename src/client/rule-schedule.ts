import {
  ScheduleOverlapPolicy,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
} from '@temporalio/client';
import type { Rule, ScheduleRule } from '../rules/rule';
import type { Schedule } from '../rules/schedule';
import { clipped } from '../shared/display';
import { scheduledRunWorkflowIdOf, scheduleIdOf, TASK_QUEUE } from '../shared/ids';
import { MAX_SUMMARY_BYTES } from '../shared/limits';
import { RULE_ID, RULE_WORKSPACE } from '../shared/search-attributes';
import type { runSchedule } from '../workflows/run-schedule';

/** Temporal's words for what becomes of a run that is due while the one before it is under way. */
export const OVERLAP_POLICY: Readonly<Record<Schedule['overlap'], ScheduleOverlapPolicy>> = {
  skip: ScheduleOverlapPolicy.SKIP,
  buffer_one: ScheduleOverlapPolicy.BUFFER_ONE,
  buffer_all: ScheduleOverlapPolicy.BUFFER_ALL,
  allow_all: ScheduleOverlapPolicy.ALLOW_ALL,
};

/** What tells a Temporal schedule that is as its rule has it from one that is not. */
export interface ScheduleMark {
  /** Names all of the rule's schedule. For people too: Temporal's UI shows it. */
  note: string;
  paused: boolean;
}

/** The mark of a rule's schedule. Another form of what is sent to Temporal needs another number at its beginning. */
export function markOf({ schedule, paused_at: pausedAt }: ScheduleRule): ScheduleMark {
  const { cron, timezone, overlap, catchup } = schedule;
  const note = `1: ${cron} in ${timezone}, overlap ${overlap}, catch-up ${catchup / 1_000} s. Kept as its rule has it.`;
  return { note, paused: pausedAt != null };
}

export function isSame(a: ScheduleMark | undefined, b: ScheduleMark | undefined): boolean {
  return a?.note === b?.note && a?.paused === b?.paused;
}

/** Whether a rule runs by the clock. */
export function hasSchedule(rule: Rule | undefined): rule is ScheduleRule {
  return rule?.schedule !== undefined;
}

/** The Temporal schedule of a rule. */
export function scheduleOptions(workspace: string, rule: ScheduleRule) {
  const { id: ruleId, schedule } = rule;
  const typedSearchAttributes = [{ key: RULE_WORKSPACE, value: workspace }];
  return {
    scheduleId: scheduleIdOf(workspace, ruleId),
    spec: { cronExpressions: [schedule.cron], timezone: schedule.timezone },
    action: {
      type: 'startWorkflow',
      workflowType: 'runSchedule',
      args: [{ workspace, ruleId }],
      workflowId: scheduledRunWorkflowIdOf(workspace, ruleId),
      taskQueue: TASK_QUEUE,
      typedSearchAttributes: [...typedSearchAttributes, { key: RULE_ID, value: ruleId }],
      staticSummary: clipped(`run of rule ${ruleId}`, MAX_SUMMARY_BYTES),
    },
    policies: { overlap: OVERLAP_POLICY[schedule.overlap], catchupWindow: schedule.catchup },
    state: markOf(rule),
    typedSearchAttributes,
  } satisfies ScheduleOptions<ScheduleOptionsStartWorkflowAction<typeof runSchedule>>;
}
