import { z } from 'zod';
import type { PastRun, ScheduleView } from '../../client/schedule-view';
import type { ScheduleRule } from '../../rules/rule';
import { OVERLAPS } from '../../rules/schedule';

const pastRun = z.object({
  due_at: z.iso.datetime(),
  begun_at: z.iso.datetime(),
  workflow_id: z.string().meta({ description: 'In Temporal.' }),
  status: z.string().nullable().meta({
    description: '`running`, `completed` …: of the run, which starts executions. Null: not known any more.',
  }),
  started: z.int().nullable().meta({ description: 'Executions that it started. Null: it is not completed.' }),
  existed: z
    .int()
    .nullable()
    .meta({ description: 'Executions that an earlier try of the same run had started.' }),
});

/** How a rule's schedule is doing. */
export const scheduleView = z
  .object({
    rule_id: z.string(),
    cron: z.string(),
    timezone: z.string(),
    overlap: z.enum(OVERLAPS),
    catchup_seconds: z.int(),
    paused: z.boolean(),
    next: z.array(z.iso.datetime()).meta({ description: 'The next five times. Empty while it is paused.' }),
    last: z.array(pastRun).meta({ description: 'The last five runs, newest first.' }),
    missed: z
      .int()
      .meta({ description: 'Runs that were due while nothing could run, longer ago than `catchup`.' }),
    skipped: z.int().meta({ description: 'Runs that were due while another one was under way.' }),
  })
  .meta({ id: 'RuleSchedule' });

const time = z.iso.datetime({ offset: true });

export const backfill = z
  .strictObject({
    from: time,
    to: time,
    overlap: z
      .enum(['buffer_all', 'allow_all'])
      .default('buffer_all')
      .meta({ description: '`buffer_all`: one run after the other; `allow_all`: all at once.' }),
    dry_run: z.boolean().default(false),
  })
  .meta({ id: 'Backfill' });

export const backfillAnswer = z
  .object({
    count: z.int().meta({ description: 'How many runs.' }),
    first: z.iso.datetime().nullable(),
    last: z.iso.datetime().nullable(),
    dry_run: z.boolean(),
  })
  .meta({ id: 'BackfillAnswer' });

export function scheduleAnswer(
  { id, schedule, paused_at: pausedAt }: ScheduleRule,
  { next, last, missed, skipped }: ScheduleView,
): z.input<typeof scheduleView> {
  return {
    rule_id: id,
    cron: schedule.cron,
    timezone: schedule.timezone,
    overlap: schedule.overlap,
    catchup_seconds: schedule.catchup / 1_000,
    paused: pausedAt != null,
    next: next.map((each) => each.toISOString()),
    last: last.map(runAnswer),
    missed,
    skipped,
  };
}

function runAnswer({
  dueAt,
  begunAt,
  workflowId,
  status,
  started,
  existed,
}: PastRun): z.input<typeof pastRun> {
  return {
    due_at: dueAt.toISOString(),
    begun_at: begunAt.toISOString(),
    workflow_id: workflowId,
    status: status ?? null,
    started: started ?? null,
    existed: existed ?? null,
  };
}
