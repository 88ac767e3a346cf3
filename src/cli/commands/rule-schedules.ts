import { Option, type Command } from 'commander';
import type { Backfill, RuleSchedule } from '../api-types';
import type { Cli } from '../cli';
import { apiPath } from '../http';
import { pastTime } from '../options';
import type { Column } from '../table';
import { cleanLine } from '../text';
import { until } from '../times';

const runColumns: Column<RuleSchedule['last'][number]>[] = [
  { title: 'DUE', value: ({ due_at }) => due_at },
  { title: 'BEGUN', value: ({ begun_at }) => begun_at, expendable: 1 },
  {
    title: 'STATUS',
    value: ({ status }) => status,
    color: ({ status }) => (status === 'completed' ? 'green' : 'yellow'),
  },
  { title: 'STARTED', value: ({ started }) => started, align: 'right' },
  { title: 'BEFORE', value: ({ existed }) => existed, align: 'right' },
];

interface BackfillOptions {
  from: string;
  to: string;
  atOnce?: boolean;
  yes?: boolean;
}

/** Adds what belongs to rules that run by the clock to `rules …`. */
export function addRuleSchedules(rules: Command, cli: Cli): void {
  rules
    .command('schedule')
    .description('show when a rule runs next, and how it ran')
    .argument('<rule>')
    .action(async (id: string) => {
      const api = await cli.api();
      const found = await api.get<RuleSchedule>(apiPath('rules', id, 'schedule'));
      if (cli.out.json) cli.out.document(found);
      else print(cli, found);
    });

  rules
    .command('run')
    .description('run a rule with a schedule now, besides its times')
    .argument('<rule>')
    .action(async (id: string) => {
      const api = await cli.api();
      const { body } = await api.request('POST', apiPath('rules', id, 'schedule', 'trigger'));
      if (cli.out.json) cli.out.document(body);
      else cli.out.print(`${cleanLine(id)} runs; see "rules schedule ${cleanLine(id)}"`);
    });

  rules
    .command('backfill')
    .description('run a rule for times that have passed; without --yes, only count them')
    .argument('<rule>')
    .addOption(
      new Option('--from <time>', 'due then or later: "friday", "2d", a time')
        .argParser(pastTime)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--to <time>', 'due before then').argParser(pastTime).makeOptionMandatory())
    .option('--at-once', 'all runs at once, instead of one after the other')
    .option('--yes', 'do it')
    .action(async (id: string, { from, to, atOnce = false, yes = false }: BackfillOptions) => {
      const api = await cli.api();
      const { body } = await api.request<Backfill>('POST', apiPath('rules', id, 'schedule', 'backfill'), {
        json: { from, to, overlap: atOnce ? 'allow_all' : 'buffer_all', dry_run: !yes },
      });
      if (cli.out.json) {
        cli.out.document(body);
        return;
      }
      const times = body.count === 0 ? '' : `: ${String(body.first)} to ${String(body.last)}`;
      cli.out.print(`${body.count} ${body.count === 1 ? 'run' : 'runs'}${times}`);
      if (!yes) cli.out.note('Nothing was done: add --yes to do it.');
    });
}

function print(
  { out }: Cli,
  { rule_id, cron, timezone, overlap, paused, next, last, ...rest }: RuleSchedule,
): void {
  const state = paused ? ', paused' : '';
  out.print(`${out.colors.bold(cleanLine(rule_id))}  ${cron} in ${timezone}, overlap ${overlap}${state}`);
  for (const time of next) out.print(`next ${time} (${until(time)})`);
  if (rest.missed > 0) out.print(`${rest.missed} missed while nothing could run`);
  if (rest.skipped > 0) out.print(`${rest.skipped} skipped while another run was under way`);
  if (last.length > 0) out.table(runColumns, last);
}
