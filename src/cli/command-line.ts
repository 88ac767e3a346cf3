import { Command } from 'commander';
import type { Cli, GlobalOptions } from './cli';
import { addAudit } from './commands/audit';
import { addChannels } from './commands/channels';
import { addCompletion } from './commands/completion';
import { addCredentials } from './commands/credentials';
import { addDashboard } from './commands/dashboard';
import { addDestinations } from './commands/destinations';
import { addEgressProxy } from './commands/egress-proxy';
import { addEventTypes } from './commands/event-types';
import { addBulk } from './commands/bulk';
import { addExecutions } from './commands/executions';
import { addKeys } from './commands/keys';
import { addListen } from './commands/listen';
import { addMembers } from './commands/members';
import { addPortfolios } from './commands/portfolios';
import { addRules } from './commands/rules';
import { addScorecards } from './commands/scorecards';
import { addStart } from './commands/start';
import { addTrigger } from './commands/trigger';
import { addWorkspaces } from './commands/workspaces';
import { EXIT_CODES } from './exit-codes';

/** The whole command line. Wrong use of it throws commander's CommanderError. */
export function createCommandLine(cli: Cli, version: string): Command {
  const program = new Command('rule-webhooks')
    .description('Rules that call webhooks durably: manage them, send events, follow what they start.')
    .version(version)
    .option('--url <url>', 'the service (else RULE_WEBHOOKS_URL, else the one of this machine)')
    .option(
      '--key-file <file>',
      'a file with the API key (else RULE_WEBHOOKS_API_KEY, else the service’s first key)',
    )
    .option(
      '--data-dir <folder>',
      'where the service of this machine keeps its data (else DATA_DIR, else ./data)',
    )
    .option('--json', 'print the JSON of the API: a document, or a line for each thing of a stream')
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .exitOverride()
    .addHelpText('after', exitCodeHelp)
    .hook('preAction', (_program, command) => {
      cli.configure(command.optsWithGlobals<GlobalOptions>());
    });
  addStart(program, cli);
  addDashboard(program, cli);
  addTrigger(program, cli);
  addRules(program, cli);
  addExecutions(program, cli);
  addBulk(program, cli);
  addScorecards(program, cli);
  addPortfolios(program, cli);
  addMembers(program, cli);
  addEventTypes(program, cli);
  addDestinations(program, cli);
  addCredentials(program, cli);
  addChannels(program, cli);
  addEgressProxy(program, cli);
  addKeys(program, cli);
  addWorkspaces(program, cli);
  addAudit(program, cli);
  addListen(program, cli);
  addCompletion(program, cli);
  return program;
}

function exitCodeHelp({ command }: { command: Command }): string {
  if (command.parent !== null) return '';
  const width = (command.configureOutput().getOutHelpWidth?.() ?? 80) - 7;
  const lines = EXIT_CODES.flatMap(({ code, meaning }) =>
    command
      .createHelp()
      .boxWrap(meaning, width)
      .split('\n')
      .map((line, index) => `  ${(index === 0 ? String(code) : '').padEnd(5)}${line}`),
  );
  return ['', 'Exit codes:', ...lines].join('\n');
}
