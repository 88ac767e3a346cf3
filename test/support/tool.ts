import { runProgram, UsageError, type Terminal } from '../../src/program';

/**
 * Runs a command of the tests or benches, with the exit codes of the program's own: that which `main` answers with, 2 and a line
 * when its words are wrong, 1 and the stack on any other error. `--help` prints the usage. At Ctrl-C what was started ends with it.
 */
export function runTool(usage: string, main: (terminal: Terminal) => Promise<number>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  void runProgram(async (terminal) => {
    if (!process.argv.includes('--help')) return main(terminal);
    terminal.print(usage);
    return 0;
  });
}

/** The words of a command, as `parse` reads them. @throws UsageError for those that it does not know */
export function wordsOf<Words>(parse: () => Words): Words {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(`${(error as Error).message} (--help tells what there is)`);
  }
}

/** A word that is one of a few. @throws UsageError when it is none of them */
export function oneOf<Name extends string>(what: string, names: readonly Name[], word: string): Name {
  const name = names.find((each) => each === word);
  if (name === undefined) throw new UsageError(`there is no ${what} "${word}": ${names.join(', ')}`);
  return name;
}

/** @throws UsageError unless it is a number above 0 */
export function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new UsageError(`${option} takes a number above 0`);
  return value;
}
