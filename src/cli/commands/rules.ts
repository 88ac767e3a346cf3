import type { Command } from 'commander';
import type { AcceptedEvent, Applied, Explanation, Rule, RuleVersion } from '../api-types';
import { applyRulebook, readRulebooks } from '../apply-rulebook';
import type { Cli } from '../cli';
import { followAccepted, printAccepted } from '../event-report';
import { EXIT } from '../exit-codes';
import { apiPath } from '../http';
import { placeIn, readEvent } from '../input';
import { showList, withPages, type PageOptions } from '../listing';
import { integer } from '../options';
import type { Column } from '../table';
import { cleanLine } from '../text';
import { age, until } from '../times';
import { printYaml } from '../yaml-output';
import { addRuleSchedules } from './rule-schedules';

const columns: Column<Rule>[] = [
  { title: 'RULE', value: ({ id }) => id, color: () => 'cyan' },
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'ON', value: listensTo, shrinks: true },
  { title: 'SCORECARDS', value: group, shrinks: true, expendable: 2 },
  { title: 'STEPS', value: ({ steps }) => steps.length, align: 'right', expendable: 1 },
  { title: 'STATE', value: stateOf, color: (rule) => (rule.paused_at ? 'yellow' : 'green') },
  { title: 'NEXT', value: ({ next_run_at }) => until(next_run_at), align: 'right', expendable: 5 },
  { title: 'VERSION', value: ({ version }) => version, align: 'right', expendable: 4 },
  { title: 'CHANGED', value: ({ updated_at }) => age(updated_at), align: 'right', expendable: 3 },
];

const versionColumns: Column<RuleVersion>[] = [
  { title: 'VERSION', value: ({ version }) => version, align: 'right' },
  { title: 'ACTION', value: ({ action }) => action },
  { title: 'NAME', value: ({ document }) => document.name, shrinks: true, expendable: 1 },
  { title: 'AT', value: ({ changed_at }) => changed_at },
  { title: 'BY', value: ({ changed_by }) => changed_by, shrinks: true },
];

/** Adds `rules …`. */
export function addRules(program: Command, cli: Cli): void {
  const rules = program.command('rules').description('see, apply, try and pause rules');

  withPages(rules.command('list').description('list rules')).action(async (options: PageOptions) => {
    await showList(cli, apiPath('rules'), {}, options, { columns, none: 'No rules.' });
  });

  rules
    .command('show')
    .description('show a rule as YAML, which can be edited and applied')
    .argument('<rule>')
    .action(async (id: string) => {
      const api = await cli.api();
      const rule = await api.get<Rule>(apiPath('rules', id));
      if (cli.out.json) cli.out.document(rule);
      else await printYaml(cli.out, rule);
    });

  rules
    .command('apply')
    .description(
      'create and update rules and groups from YAML or JSON files, all of it or nothing; deletes none',
    )
    .argument('<file...>', 'a document with "rules", or one rule; "-" is standard input')
    .option('--dry-run', 'only tell what would change')
    .action(async (files: string[], { dryRun = false }: { dryRun?: boolean }) => {
      const rulebook = await readRulebooks(files, cli.world.stdin);
      const applied = await applyRulebook(await cli.api(), rulebook, dryRun);
      if (cli.out.json) cli.out.document(applied);
      else printApplied(cli, applied);
    });

  rules
    .command('test')
    .description('run a rule once, as a test: its webhooks are really called')
    .argument('<rule>')
    .option(
      '--event <file>',
      'the event to run it with; without one, one is made that the rule would fire for',
    )
    .option('--follow', 'follow the execution until it has ended')
    .action(async (id: string, { event, follow = false }: { event?: string; follow?: boolean }) => {
      const text = event === undefined ? undefined : await readEvent(event, cli.world.stdin);
      const api = await cli.api();
      const { body } = await api.request<AcceptedEvent>('POST', apiPath('rules', id, 'test'), {
        ...(text !== undefined && { text }),
        locate: placeIn(event),
      });
      if (!cli.out.json) printAccepted(cli, body, { allUnmatched: true });
      else if (follow) cli.out.item(body);
      else cli.out.document(body);
      if (body.executions.length === 0) cli.exitCode = EXIT.noMatch;
      else if (follow) await followAccepted(cli, api, body);
    });

  rules
    .command('explain')
    .description('tell whether an event would match a rule, and why or why not; starts nothing')
    .argument('<rule>')
    .argument('<file>', 'the event, as JSON; "-" is standard input')
    .action(async (id: string, file: string) => {
      const text = await readEvent(file, cli.world.stdin);
      const api = await cli.api();
      const { body } = await api.request<Explanation>('POST', apiPath('rules', id, 'explain'), {
        text,
        locate: placeIn(file),
      });
      if (cli.out.json) cli.out.document(body);
      else cli.out.print(`${cleanLine(id)}: ${body.matches ? '' : 'no match, '}${cleanLine(body.reason)}`);
      cli.exitCode = body.matches ? EXIT.done : EXIT.noMatch;
    });

  for (const verb of ['pause', 'resume'] as const) {
    rules
      .command(verb)
      .description(
        verb === 'pause'
          ? 'hold what a rule starts, and has started, until it is resumed'
          : 'let what is held go on',
      )
      .argument('<rule>')
      .action(async (id: string) => {
        const api = await cli.api();
        const { body } = await api.request<Rule>('POST', apiPath('rules', id, verb));
        if (cli.out.json) cli.out.document(body);
        else cli.out.print(`${cleanLine(body.id)} is ${stateOf(body)} (version ${body.version})`);
      });
  }

  addRuleSchedules(rules, cli);

  rules
    .command('delete')
    .description('delete a rule; what it has started ends as abandoned')
    .argument('<rule>')
    .option('--if-version <n>', 'only if this is its version', integer(1, Number.MAX_SAFE_INTEGER))
    .action(async (id: string, { ifVersion }: { ifVersion?: number }) => {
      const api = await cli.api();
      await api.request('DELETE', apiPath('rules', id), {
        headers: ifVersion === undefined ? {} : { 'if-match': `"${ifVersion}"` },
      });
      if (!cli.out.json) cli.out.print(`Deleted ${cleanLine(id)}`);
    });

  withPages(
    rules
      .command('versions')
      .description('list what a rule was, newest first; of a deleted rule too')
      .argument('<rule>')
      .option('--show <version>', 'show that version as YAML', integer(1, Number.MAX_SAFE_INTEGER)),
  ).action(async (id: string, { show, ...options }: PageOptions & { show?: number }) => {
    const path = apiPath('rules', id, 'versions');
    if (show === undefined)
      await showList(cli, path, {}, options, { columns: versionColumns, none: 'No versions.' });
    else await showVersion(cli, path, show);
  });
}

function listensTo({ event, filters, schedule }: Rule): string {
  return schedule?.cron ?? event?.type ?? filters?.changes?.value ?? '';
}

function group({ filters }: Rule): string {
  const { value = '', portfolio_id } = filters?.scorecards ?? {};
  return portfolio_id === undefined ? value : `portfolio ${portfolio_id}`;
}

function stateOf({ paused_at }: Rule): string {
  return paused_at ? 'paused' : 'active';
}

function printApplied(cli: Cli, { dry_run, rules, scorecards, portfolios }: Applied): void {
  const rows = [
    ...rules.map(({ id, outcome, version }) => ({ what: 'rule', id, outcome, version })),
    ...portfolios.map(({ id, outcome }) => ({ what: 'portfolio', id, outcome, version: undefined })),
  ];
  if (rows.length > 0) {
    cli.out.table(
      [
        { title: 'WHAT', value: ({ what }) => what },
        { title: 'ID', value: ({ id }) => id, shrinks: true },
        {
          title: 'OUTCOME',
          value: ({ outcome }) => outcome,
          color: ({ outcome }) => (outcome === 'unchanged' ? 'dim' : 'green'),
        },
        { title: 'VERSION', value: ({ version }) => version, align: 'right' },
      ],
      rows,
    );
  }
  const { created, updated, unchanged } = scorecards;
  cli.out.print(`Scorecards: ${created} created, ${updated} updated, ${unchanged} unchanged`);
  if (dry_run) cli.out.print('Nothing was changed: this was a dry run.');
}

async function showVersion(cli: Cli, path: string, version: number): Promise<void> {
  const api = await cli.api();
  let cursor: string | undefined;
  do {
    const page = await api.get<{ items: RuleVersion[]; next_cursor: string | null }>(path, {
      limit: 200,
      cursor,
    });
    const found = page.items.find((each) => each.version === version);
    if (found !== undefined) {
      if (cli.out.json) cli.out.document(found);
      else await printYaml(cli.out, found.document);
      return;
    }
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  cli.out.note(`there is no version ${version}`);
  cli.exitCode = EXIT.notFound;
}
