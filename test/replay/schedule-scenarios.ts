import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { RuleSchedules } from '../../src/client/rule-schedules';
import { ruleSchema } from '../../src/rules/rule';
import { DEFAULT_WORKSPACE, scheduledRunWorkflowIdOf, scheduleIdOf, TASK_QUEUE } from '../../src/shared/ids';
import { MAX_BATCHES_PER_RUN, SCHEDULE_BATCH } from '../../src/shared/limits';
import type { runSchedule } from '../../src/workflows/run-schedule';
import { until } from '../support/executions';
import type { Lab, Scenario } from './scenarios';

type Run = WorkflowHandle<typeof runSchedule>;

/** Has the rule run for this many whole batches of scorecards, and some more. */
function batches(lab: Lab, whole: number): void {
  let calls = 0;
  lab.startScheduledRuns = async () => {
    calls += 1;
    return calls > whole
      ? { started: 3, existed: 0 }
      : { started: SCHEDULE_BATCH, existed: 0, after: `scorecard-${calls}` };
  };
}

/** A run that no schedule has started; the handle is that of its first run alone. */
async function run(lab: Lab): Promise<Run> {
  const ruleId = `rule-${randomUUID()}`;
  const { client } = lab.executions;
  const { workflowId, firstExecutionRunId } = await client.workflow.start<typeof runSchedule>('runSchedule', {
    workflowId: scheduledRunWorkflowIdOf(DEFAULT_WORKSPACE, ruleId),
    taskQueue: TASK_QUEUE,
    args: [{ workspace: DEFAULT_WORKSPACE, ruleId }],
  });
  return client.workflow.getHandle<typeof runSchedule>(workflowId, firstExecutionRunId, {
    followRuns: false,
  });
}

async function runBySchedule(lab: Lab): Promise<Run> {
  const { client } = lab.executions;
  const rule = ruleSchema.parse({
    id: `rule-${randomUUID()}`,
    name: 'State of the scorecards',
    owner: { email: 'ada@example.com' },
    schedule: { cron: '0 9 1 1 *' },
    steps: [{ action: 'call_webhook', url: 'https://example.com/hook' }],
  });
  const schedules = new RuleSchedules(client, { get: async () => ({ rule, version: 1 }) });
  await schedules.trigger({ workspace: DEFAULT_WORKSPACE, ruleId: rule.id });
  const schedule = client.schedule.getHandle(scheduleIdOf(DEFAULT_WORKSPACE, rule.id));
  const begun = await until(async () => (await schedule.describe()).info.recentActions[0]);
  await schedule.delete();
  return client.workflow.getHandle<typeof runSchedule>(begun.action.workflow.workflowId);
}

/** The ways through `runSchedule`. */
export const scheduleScenarios: Scenario[] = [
  {
    case: 'run-by-a-schedule',
    shows: 'started by a schedule of Temporal: 103 scorecards in three batches, at the time that it was due',
    run(lab: Lab) {
      batches(lab, 2);
      return runBySchedule(lab);
    },
  },
  {
    case: 'run-again',
    shows: 'a backfill of a time that was run: the executions are there already',
    run(lab: Lab) {
      lab.startScheduledRuns = async () => ({ started: 0, existed: 1 });
      return run(lab);
    },
  },
  {
    case: 'run-of-nobody',
    shows: 'no scorecard is in the group: nothing is started',
    run(lab: Lab) {
      lab.startScheduledRuns = async () => ({ started: 0, existed: 0 });
      return run(lab);
    },
  },
  {
    case: 'run-of-a-rule-that-is-gone',
    shows: 'the rule was deleted after the first batch: the run ends with what it started',
    run(lab: Lab) {
      lab.startScheduledRuns = async ({ after }) =>
        after === undefined
          ? { started: SCHEDULE_BATCH, existed: 0, after: 'm' }
          : { started: 0, existed: 0, withoutRule: true };
      return run(lab);
    },
  },
  {
    case: 'run-after-a-fault-of-ours',
    shows: 'the store is away at first: the activity is retried',
    run(lab: Lab) {
      let calls = 0;
      lab.startScheduledRuns = async () => {
        if ((calls += 1) === 1) throw new Error('the store is away');
        return { started: 1, existed: 0 };
      };
      return run(lab);
    },
  },
  {
    case: 'run-continued-as-new',
    shows: 'a hundred batches, and then more in another run',
    run(lab: Lab) {
      batches(lab, MAX_BATCHES_PER_RUN);
      return run(lab);
    },
  },
  {
    case: 'run-in-a-second-run',
    shows: 'the run after it: it goes on after the last scorecard of the first one',
    async run(lab: Lab) {
      batches(lab, MAX_BATCHES_PER_RUN);
      const first = await run(lab);
      await first.result().catch(() => undefined);
      return lab.executions.client.workflow.getHandle<typeof runSchedule>(first.workflowId);
    },
  },
  {
    case: 'run-failed',
    shows: 'a fault that no retry mends: the run fails',
    run(lab: Lab) {
      lab.startScheduledRuns = async () => {
        throw ApplicationFailure.nonRetryable('a fault of ours');
      };
      return run(lab);
    },
  },
  {
    case: 'run-cancelled',
    shows: 'cancelled during its second batch: that one is waited for, no other is started',
    async run(lab: Lab) {
      let release: (() => void) | undefined;
      lab.startScheduledRuns = async ({ after }) => {
        if (after !== undefined) await new Promise<void>((resolve) => (release = resolve));
        return { started: SCHEDULE_BATCH, existed: 0, after: 'm' };
      };
      const handle = await run(lab);
      const letGo = await until(async () => release);
      await handle.cancel();
      await until(async () => {
        const { events } = await handle.fetchHistory();
        return events?.find((event) => event.activityTaskCancelRequestedEventAttributes);
      });
      letGo();
      return handle;
    },
  },
].map((scenario) => ({ ...scenario, clock: 'real', workflowType: 'runSchedule' }));
