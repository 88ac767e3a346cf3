import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RulebookError } from '../../src/store/rulebook-error';
import { ruleInput } from '../unit/rules/builders';

/** A main file and a folder for added ones, in a directory of their own. */
export async function makeRuleFiles() {
  const directory = await mkdtemp(join(tmpdir(), 'rulebook-'));
  const file = join(directory, 'rules.yaml');
  const folder = join(directory, 'added');
  return {
    directory,
    file,
    folder,
    write: (content: unknown) =>
      writeFile(file, typeof content === 'string' ? content : JSON.stringify(content)),
    remove: () => rm(directory, { recursive: true }),
  };
}

export type RuleFiles = Awaited<ReturnType<typeof makeRuleFiles>>;

/** A document of rules with these ids. */
export function documentOf(...ids: string[]) {
  return { rules: ids.map((id) => ruleInput({ id, name: `Rule ${id}` })) };
}

/** The lines of the RulebookError that `work` ends in, without the directory's name. */
export async function problemsIn(directory: string, work: Promise<unknown>): Promise<string[]> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RulebookError)) throw new Error(`no RulebookError: ${String(error)}`);
  return error.message.replaceAll(`${directory}/`, '').split('\n');
}
