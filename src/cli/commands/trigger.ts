import type { Command } from 'commander';
import type { AcceptedEvent, Applied } from '../api-types';
import { applyRulebook, readRulebooks } from '../apply-rulebook';
import type { Cli, OwnService } from '../cli';
import { AwayError, BadInputError } from '../errors';
import { followAccepted, printAccepted } from '../event-report';
import { EXIT } from '../exit-codes';
import { apiPath, type ApiClient } from '../http';
import { nameOf, placeIn, readEvent } from '../input';
import { repeated } from '../options';
import { cleanLine } from '../text';

interface TriggerOptions {
  rule?: string[];
  detach?: boolean;
  explain?: boolean;
}

/** Adds `trigger`. */
export function addTrigger(program: Command, cli: Cli): void {
  program
    .command('trigger')
    .description('send an event, and follow what it starts until each execution has ended')
    .argument('<file>', 'the event, as JSON, e.g. examples/scorecard_changed.json; "-" is standard input')
    .option('--rule <file>', 'apply this file of rules and groups first', repeated)
    .option('--detach', 'do not follow')
    .option('--explain', 'show more of the rules that did not match')
    .action((file: string, options: TriggerOptions) => trigger(cli, file, options));
}

async function trigger(
  cli: Cli,
  file: string,
  { rule: ruleFiles = [], detach = false, explain = false }: TriggerOptions,
): Promise<void> {
  const text = await readEvent(file, cli.world.stdin);
  const rulebook = await readRulebooks(ruleFiles, cli.world.stdin);
  if (ruleFiles.length > 0 && rulebook.ruleIds.length === 0) {
    throw new BadInputError(`${ruleFiles.map(nameOf).join(', ')}: has no rule`);
  }
  const event = { text, locate: placeIn(file) };
  const running = await runningApi(cli);
  if (running === undefined && detach) {
    throw new AwayError('nothing is running that would go on without us: run "npm start" first');
  }
  if (running === undefined || ruleFiles.length > 0) {
    // Brings a schema library with it, which the service has anyhow.
    const { checkLocally } = await import('../local-check.js');
    checkLocally(event, ruleFiles.length > 0 ? rulebook : undefined);
  }
  const own = running ? undefined : await startOwn(cli);
  const api = running ?? (await cli.api());
  try {
    if (ruleFiles.length > 0) printApplied(cli, await applyRulebook(api, rulebook, false));
    const { body } = await api.request<AcceptedEvent>('POST', apiPath('events'), {
      ...event,
      query: { explain: true },
    });
    if (!cli.out.json) printAccepted(cli, body, { allUnmatched: explain });
    else if (detach) cli.out.document(body);
    else cli.out.item(body);
    if (body.matched === 0) cli.exitCode = EXIT.noMatch;
    else if (!detach) await followAccepted(cli, api, body);
  } finally {
    await own?.stop();
  }
}

/** The service that was named, or that runs on this machine; undefined when neither is so. */
async function runningApi(cli: Cli): Promise<ApiClient | undefined> {
  try {
    const { isLocal } = await cli.address();
    const api = await cli.api();
    // Refused at once when the service that left its address has died.
    if (isLocal) await api.request('GET', '/healthz');
    if (!cli.out.json) cli.out.print(`Service: ${api.service.url}`);
    return api;
  } catch (error) {
    if (error instanceof AwayError && error.nothingRuns) return undefined;
    throw error;
  }
}

/** Runs a service for as long as this takes, and makes it the one that is asked. */
async function startOwn(cli: Cli): Promise<OwnService> {
  cli.out.tell(
    'Nothing is running: starting a service for as long as this takes ("npm start" keeps one) ...',
  );
  const own = await cli.world.startOwn(cli.dataDir);
  cli.use(own);
  return own;
}

function printApplied(cli: Cli, { rules }: Applied): void {
  if (cli.out.json) return;
  const outcomes = rules.map(
    ({ id, outcome, version }) => `${cleanLine(id)} ${outcome} (version ${version})`,
  );
  cli.out.print(`Rules: ${outcomes.join(', ')}`);
}
