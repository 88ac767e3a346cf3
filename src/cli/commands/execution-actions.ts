import { Option, type Command } from 'commander';
import type { ExecutionDetail } from '../api-types';
import type { Cli } from '../cli';
import { BadInputError, CommandError } from '../errors';
import { executionIdIn } from '../execution-id';
import { EXIT } from '../exit-codes';
import { apiPath, type ApiClient } from '../http';
import { cleanLine } from '../text';

interface RestartOptions {
  fromStart?: boolean;
  fromStep?: string;
  yes?: boolean;
}

/** What came of it. */
interface Done {
  execution_id: string;
  attempt?: number;
  restarted_as?: string;
}

/** Adds what `executions …` does to single ones. @param executions the command that has them */
export function addExecutionActions(executions: Command, cli: Cli): void {
  add(executions, 'retry', 'retry now those that wait; their schedule stays as it is').action(
    async (ids: string[]) => {
      await actOnAll(cli, ids, 'retry', undefined, ({ attempt }) => `attempt ${attempt} begins`);
    },
  );
  add(executions, 'pause', 'make no further call, until they are resumed').action(async (ids: string[]) => {
    await actOnAll(cli, ids, 'pause', undefined, () => 'paused');
  });
  add(executions, 'resume', 'go on after a pause').action(async (ids: string[]) => {
    await actOnAll(cli, ids, 'resume', undefined, () => 'resumed');
  });
  add(executions, 'cancel', 'cancel: make no further call, and tell nobody')
    .option('--reason <reason>', 'why: it is shown with the execution')
    .action(async (ids: string[], { reason }: { reason?: string }) => {
      await actOnAll(cli, ids, 'cancel', { reason }, () => 'is being cancelled');
    });
  add(executions, 'restart', 'execute again what has ended, from the step that was not delivered')
    .option('--from-start', 'from the first step, as the rule is now')
    .addOption(
      new Option(
        '--from-step <step>',
        'from this one; without --yes, only say who is called again',
      ).conflicts('fromStart'),
    )
    .option('--yes', 'do it')
    .action(async (ids: string[], { fromStart = false, fromStep, yes = false }: RestartOptions) => {
      if (fromStep !== undefined && !yes) {
        await showCalls(cli, ids, fromStep);
        return;
      }
      const json =
        fromStep === undefined ? { from: fromStart ? 'start' : 'failed' } : { from_step: fromStep };
      await actOnAll(cli, ids, 'restart', json, ({ restarted_as }) => `restarted as ${restarted_as}`);
    });
}

function add(executions: Command, verb: string, description: string): Command {
  return executions.command(verb).description(description).argument('<execution...>');
}

/** Says which receivers a restart from a step calls. */
async function showCalls(cli: Cli, ids: readonly string[], fromStep: string): Promise<void> {
  const api = await cli.api();
  for (const id of ids.map(executionIdIn)) {
    const { steps } = await api.get<ExecutionDetail>(apiPath('executions', id));
    const first = steps.findIndex((step) => step.id === fromStep);
    if (first === -1) throw new BadInputError(`${cleanLine(id)} has no step ${cleanLine(fromStep)}`);
    for (const step of steps.slice(first)) {
      const { id: stepId, target, state } = step;
      const again = state === 'delivered' || state === 'kept';
      if (cli.out.json) cli.out.item({ execution_id: id, step: stepId, target, again });
      else cli.out.print(cleanLine(`${id}: ${stepId} would call ${target}${again ? ' again' : ''}`));
    }
  }
  cli.out.note('Nothing was done: add --yes to do it.');
}

/** Acts on each, also when another one refuses; ends with the first refusal's exit code. */
async function actOnAll(
  cli: Cli,
  ids: readonly string[],
  verb: string,
  json: object | undefined,
  words: (done: Done) => string,
): Promise<void> {
  const api = await cli.api();
  for (const id of ids.map(executionIdIn)) {
    try {
      const done = await act(api, id, verb, json);
      if (cli.out.json) cli.out.item(done);
      else cli.out.print(`${cleanLine(id)}: ${cleanLine(words(done))}`);
    } catch (error) {
      if (!(error instanceof CommandError) || ids.length === 1) throw error;
      cli.out.note(`${cleanLine(id)}: ${error.message}`);
      if (cli.exitCode === EXIT.done) cli.exitCode = error.exitCode;
    }
  }
}

async function act(api: ApiClient, id: string, verb: string, json: object | undefined): Promise<Done> {
  const path = apiPath('executions', id, verb);
  const { body } = await api.request<Done>('POST', path, json === undefined ? {} : { json });
  return body;
}
