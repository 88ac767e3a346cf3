import { Option, type Command } from 'commander';
import type { Cli } from '../cli';

/** Adds `start`. */
export function addStart(program: Command, cli: Cli): void {
  program
    .command('start')
    .description('run the service in this terminal until Ctrl-C; its settings are environment variables')
    .addOption(
      new Option('--role <role>', 'take events and edits, execute rules, or both').choices([
        'all',
        'api',
        'worker',
      ]),
    )
    .action(async ({ role }: { role?: string }) => {
      await cli.world.runService(role === undefined ? [] : ['--role', role], cli.dataDir);
    });
}
