#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { Cli, type OwnService } from './cli';
import { createCommandLine } from './command-line';
import { complete } from './completion/candidates';
import { lookUpWith } from './completion/look-up';
import { BadInputError, CommandError } from './errors';
import { EXIT, type ExitCode } from './exit-codes';
import { Interruption } from './interruption';
import { Output } from './output';
import { readSettings, setDataFolder } from './settings';
import { cleanLine } from './text';

/** The command `rule-webhooks`. */
async function main(words: readonly string[], interruption: Interruption): Promise<ExitCode> {
  const settings = readSettings();
  const out = new Output(process.stdout, process.stderr, settings.colors);
  const cli = new Cli({
    settings,
    stdin: process.stdin,
    out,
    signal: interruption.signal,
    startOwn: async (dataDir) => {
      if (dataDir !== undefined) setDataFolder(dataDir);
      return startOwn((line) => {
        out.tell(line);
      });
    },
    runService: async (args, dataDir) => {
      interruption.leaveSignals();
      if (dataDir !== undefined) setDataFolder(dataDir);
      // It reads its own arguments, and ends the process.
      process.argv.splice(2, Infinity, ...args);
      await import('../main.js');
      await new Promise(() => undefined);
    },
  });
  const commandLine = createCommandLine(cli, version());
  interruption.listen();
  try {
    if (words[0] === '__complete') {
      const { files, candidates } = await complete(commandLine, words.slice(1), lookUpWith(settings));
      if (files) out.print(':files');
      for (const { value, description } of candidates) {
        out.print(`${cleanLine(value)}\t${cleanLine(description)}`);
      }
    } else {
      await commandLine.parseAsync(words, { from: 'user' });
    }
    return cli.exitCode;
  } catch (error) {
    return interruption.exitCode ?? reported(error, out);
  }
}

/** Says what went wrong. @returns the exit code for it */
function reported(error: unknown, out: Output): ExitCode {
  if (error instanceof CommanderError) {
    // Commander has said it. Help that was asked for is no error.
    return error.exitCode === 0 ? EXIT.done : EXIT.badInput;
  }
  if (error instanceof CommandError) {
    out.note(error.message);
    return error.exitCode;
  }
  out.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.failed;
}

/** @throws CommandError for settings that the service cannot use */
async function startOwn(say: (line: string) => void): Promise<OwnService> {
  // Only when they are needed: they take a second to load.
  const { startServiceForCommand } = await import('../service/for-command.js');
  const { isUsersError } = await import('../program.js');
  try {
    return await startServiceForCommand(say);
  } catch (error) {
    throw isUsersError(error) ? new BadInputError(error.message) : error;
  }
}

function version(): string {
  const manifest = readFileSync(join(__dirname, '../../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

const interruption = new Interruption();
void main(process.argv.slice(2), interruption).then((exitCode) => {
  // Nothing of ours is left running here; a connection that an unreachable peer holds open must not keep us. What was
  // written must be out first: to a pipe it may still be on its way.
  process.stdout.write('', (error) => {
    process.exit(error ? EXIT.brokenPipe : (interruption.exitCode ?? exitCode));
  });
});
