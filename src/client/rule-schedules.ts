import { ScheduleAlreadyRunning, ScheduleNotFoundError, type Client } from '@temporalio/client';
import { msNumberToTs, tsToDate } from '@temporalio/common/lib/time';
import type { Rule } from '../rules/rule';
import { SCHEDULE_ID_PREFIX, scheduleIdOf } from '../shared/ids';
import {
  hasSchedule,
  isSame,
  markOf,
  OVERLAP_POLICY,
  scheduleOptions,
  type ScheduleMark,
} from './rule-schedule';

/** A rule of a workspace. */
export interface RuleKey {
  workspace: string;
  ruleId: string;
}

/** Rules as they are now. */
export interface CurrentRules {
  get(workspace: string, id: string): Promise<{ rule: Rule; version: number } | undefined>;
}

/** What a backfill is about: runs that were due in this time, the end excluded. */
export interface BackfillRange {
  from: Date;
  to: Date;
}

/** The Temporal schedules of rules: the rules say how these are to be, and they fire. */
export class RuleSchedules {
  constructor(
    private readonly client: Client,
    private readonly rules: CurrentRules,
  ) {}

  /** The schedules that are there, by rule. As Temporal's visibility has them: it may lag behind. */
  async *standing(): AsyncIterable<RuleKey & { mark: ScheduleMark }> {
    for await (const { scheduleId, state } of this.client.schedule.list()) {
      const key = keyOf(scheduleId);
      if (key !== undefined) yield { ...key, mark: { note: state.note ?? '', paused: state.paused } };
    }
  }

  /**
   * Makes a rule's schedule what the rule says: creates it, changes it, deletes it, or leaves it alone when it is so already.
   * Any number of processes may do so at once: whoever writes looks afterwards whether the rule is still the one that was
   * written, so the last to write leaves the newest.
   *
   * @throws ServiceError when Temporal cannot be reached; whatever reading the rule throws
   */
  async sync({ workspace, ruleId }: RuleKey): Promise<void> {
    for (let found = await this.rules.get(workspace, ruleId); ;) {
      if (hasSchedule(found?.rule)) await this.put(workspace, found.rule);
      else await this.remove(workspace, ruleId);
      const now = await this.rules.get(workspace, ruleId);
      if (now?.version === found?.version) return;
      found = now;
    }
  }

  /** Runs a rule now, beside whatever run of it is under way. */
  async trigger(key: RuleKey): Promise<void> {
    await this.sync(key);
    await this.handle(key).trigger(OVERLAP_POLICY.allow_all);
  }

  /**
   * The times within a range at which Temporal would run a rule.
   *
   * @returns 1,000 at most: Temporal tells no more
   */
  async dueTimes(key: RuleKey, { from, to }: BackfillRange): Promise<Date[]> {
    await this.sync(key);
    const { startTime } = await this.client.workflowService.listScheduleMatchingTimes({
      namespace: this.client.options.namespace,
      scheduleId: scheduleIdOf(key.workspace, key.ruleId),
      // It leaves out the beginning, and takes the end with it.
      startTime: msNumberToTs(from.getTime() - 1),
      endTime: msNumberToTs(to.getTime() - 1),
    });
    return startTime.map(tsToDate);
  }

  /** Runs a rule for times that have passed: those of `dueTimes`. What was started for one of them is not started again. */
  async backfill(
    key: RuleKey,
    due: readonly [Date, ...Date[]],
    overlap: 'buffer_all' | 'allow_all',
  ): Promise<void> {
    const [first, last = first] = [due[0], due.at(-1)];
    await this.handle(key).backfill({
      start: new Date(first.getTime() - 1),
      end: new Date(last.getTime() + 1),
      overlap: OVERLAP_POLICY[overlap],
    });
  }

  private async put(workspace: string, rule: Parameters<typeof scheduleOptions>[1]): Promise<void> {
    const options = scheduleOptions(workspace, rule);
    const handle = this.client.schedule.getHandle(options.scheduleId);
    try {
      const { state } = await handle.describe();
      if (isSame({ note: state.note ?? '', paused: state.paused }, markOf(rule))) return;
      await handle.update(() => options);
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
      await this.client.schedule.create(options).catch(unless(ScheduleAlreadyRunning));
    }
  }

  private async remove(workspace: string, ruleId: string): Promise<void> {
    await this.handle({ workspace, ruleId }).delete().catch(unless(ScheduleNotFoundError));
  }

  private handle({ workspace, ruleId }: RuleKey) {
    return this.client.schedule.getHandle(scheduleIdOf(workspace, ruleId));
  }
}

/** Whose schedule it is; undefined: none of ours. */
function keyOf(scheduleId: string): RuleKey | undefined {
  if (!scheduleId.startsWith(SCHEDULE_ID_PREFIX)) return undefined;
  const [workspace, ruleId, ...more] = scheduleId.slice(SCHEDULE_ID_PREFIX.length).split('/');
  return workspace && ruleId && more.length === 0 ? { workspace, ruleId } : undefined;
}

function unless(expected: new (...args: never[]) => Error) {
  return (error: unknown): void => {
    if (!(error instanceof expected)) throw error;
  };
}
