import { Argument, type Command } from 'commander';
import type { Cli } from '../cli';
import { COMPLETION_SCRIPTS } from '../completion/scripts';

/** Adds `completion`. */
export function addCompletion(program: Command, cli: Cli): void {
  program
    .command('completion')
    .description('print a script that lets a shell complete commands, options and ids')
    .addArgument(new Argument('<shell>', 'for this shell').choices(['bash', 'zsh', 'fish']))
    .action((shell: keyof typeof COMPLETION_SCRIPTS) => {
      cli.out.print(COMPLETION_SCRIPTS[shell].trimEnd());
    });
}
