import type { Argument, Command, Option } from 'commander';

/** Something that may come next. */
export interface Candidate {
  value: string;
  description: string;
}

/** What a word names, by the name of the argument or of the option's value: `rule`, `portfolio`, … */
export type LookUp = (kind: string, options: ReadonlyMap<string, string>) => Promise<Candidate[]>;

export interface Completion {
  /** Names of files may come next. */
  files: boolean;
  candidates: Candidate[];
}

/** What the words before the last one mean. */
interface Position {
  command: Command;
  /** How many arguments it has already. */
  argumentCount: number;
  /** The option whose value comes next. */
  option: Option | undefined;
  /** No options come any more. */
  onlyArguments: boolean;
  given: Map<string, string>;
}

/**
 * What may come next on a command line.
 *
 * @param words those after the program's name; the last one is being written, and may be empty
 */
export async function complete(
  program: Command,
  words: readonly string[],
  lookUp: LookUp,
): Promise<Completion> {
  const { whole, cut } = rejoined(words);
  const { files, candidates } = await completeWhole(program, whole, lookUp);
  return {
    files,
    candidates: candidates.map(({ value, description }) => ({ value: value.slice(cut), description })),
  };
}

/**
 * Bash takes `https://a` for three words, `https`, `:` and `//a`, and wants the last of them completed.
 *
 * @returns the words as they were written, and how many characters of the last one bash has behind it
 */
function rejoined(words: readonly string[]): { whole: string[]; cut: number } {
  const whole: string[] = [];
  let cut = 0;
  words.forEach((word, index) => {
    const isRest = word === ':' || words[index - 1] === ':';
    if (!isRest || whole.length === 0) whole.push(word);
    else whole.push(`${whole.pop() ?? ''}${word}`);
    cut = isRest ? (whole.at(-1)?.lastIndexOf(':') ?? -1) + 1 : 0;
  });
  return { whole, cut };
}

async function completeWhole(
  program: Command,
  words: readonly string[],
  lookUp: LookUp,
): Promise<Completion> {
  const { before, last, prefix } = split(words);
  const position = walk(program, before);
  const { command, option, onlyArguments, argumentCount, given } = position;
  if (option !== undefined) return starting(last, prefix, await valuesOf(option, given, lookUp));
  const inOption = onlyArguments ? null : /^(--[\w-]+)=(.*)$/s.exec(last);
  if (inOption) {
    const [, name = '', value = ''] = inOption;
    const found = optionsOf(command).find(({ long }) => long === name);
    const values = found?.required ? await valuesOf(found, given, lookUp) : { files: false, candidates: [] };
    return starting(value, `${name}=`, values);
  }
  if (last.startsWith('-') && !onlyArguments) {
    return starting(last, '', { files: false, candidates: optionCandidates(command, given) });
  }
  if (command.commands.length > 0) {
    return starting(last, '', {
      files: false,
      candidates: argumentCount === 0 ? commandCandidates(command) : [],
    });
  }
  const argument = argumentAt(command, argumentCount);
  return starting(
    last,
    '',
    argument ? await valuesOf(argument, given, lookUp) : { files: false, candidates: [] },
  );
}

/** Bash takes `--role=ad` for three words. */
function split(words: readonly string[]): { before: readonly string[]; last: string; prefix: string } {
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  if (last === '=' && before.at(-1)?.startsWith('--')) return { before, last: '', prefix: '' };
  if (before.at(-1) === '=' && before.at(-2)?.startsWith('--'))
    return { before: before.slice(0, -1), last, prefix: '' };
  return { before, last, prefix: '' };
}

function walk(program: Command, words: readonly string[]): Position {
  const position: Position = {
    command: program,
    argumentCount: 0,
    option: undefined,
    onlyArguments: false,
    given: new Map(),
  };
  for (const word of words) step(position, word);
  return position;
}

function step(position: Position, word: string): void {
  const { command, option } = position;
  if (option !== undefined) {
    if (word === '=') return;
    position.given.set(option.long ?? '', word);
    position.option = undefined;
  } else if (word === '--' && !position.onlyArguments) {
    position.onlyArguments = true;
  } else if (word.startsWith('-') && word !== '-' && !position.onlyArguments) {
    const [name = '', value] = word.split(/=(.*)/s);
    const found = optionsOf(command).find(({ long, short }) => name === long || name === short);
    position.given.set(found?.long ?? name, value ?? '');
    if (found?.required && value === undefined) position.option = found;
  } else {
    const found = command.commands.find((each) => each.name() === word);
    if (found !== undefined && position.argumentCount === 0) position.command = found;
    else position.argumentCount += 1;
  }
}

/** Its own, and those of the commands that it is in. */
function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...(command.parent ? optionsOf(command.parent) : [])].filter(
    ({ hidden }) => !hidden,
  );
}

function argumentAt({ registeredArguments }: Command, index: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic ? last : undefined);
}

function commandCandidates(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ value: each.name(), description: each.description() }));
}

function optionCandidates(command: Command, given: ReadonlyMap<string, string>): Candidate[] {
  const candidates = optionsOf(command).map(({ long, description }) => ({ value: long ?? '', description }));
  return [...candidates, { value: '--help', description: 'show help' }].filter(
    ({ value }) => !given.has(value),
  );
}

async function valuesOf(
  what: Argument | Option,
  given: ReadonlyMap<string, string>,
  lookUp: LookUp,
): Promise<Completion> {
  const { argChoices } = what;
  if (argChoices)
    return { files: false, candidates: argChoices.map((value) => ({ value, description: '' })) };
  // Of an option it stands in its flags: `--rule <rule>`.
  const kind = 'flags' in what ? (/[<[]([\w-]+)/.exec(what.flags)?.[1] ?? '') : what.name();
  if (kind === 'file' || kind === 'folder') return { files: true, candidates: [] };
  return { files: false, candidates: await lookUp(kind, given) };
}

function starting(last: string, prefix: string, { files, candidates }: Completion): Completion {
  return {
    files,
    candidates: candidates
      .filter(({ value }) => value.startsWith(last))
      .map(({ value, description }) => ({ value: `${prefix}${value}`, description })),
  };
}
