import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readRulebookDocument, validateDocument } from './rulebook-document';
import type { ReadDocument } from './rulebook-document';
import { RulebookError, cannotBeRead } from './rulebook-error';
import { mergeDocuments } from './rulebook-merge';
import type { MergedRulebook } from './rulebook-merge';
import { writeWhole } from '../files/write-whole';
import type { Rulebook } from '../rules/rulebook';

export interface RulebookFiles {
  /** The main document, YAML or JSON. Without one, the rules are those of the folder. */
  file: string | undefined;
  /** Every `*.yaml` in it counts too, in the order of their names. It need not exist. */
  folder: string;
}

/**
 * A file that was written to less than this ago may be written to again without its times changing, as file systems
 * count time in steps; so it is read again until it has settled. Milliseconds.
 */
const SETTLED_AFTER_MS = 100;

/** A file as it was last read, good or bad. */
interface Snapshot {
  /** Undefined while the file has not settled. */
  stamp: string | undefined;
  read: ReadDocument | RulebookError;
}

/**
 * A rulebook over files. Each call looks (with one `stat` for each file) whether a file has changed, and reads those that
 * have. Until the files were valid once, calls reject with RulebookError. From then on they answer always: what
 * an invalid or half-written edit says is not taken over, the last good rules stay in force, and `warn` is told, once for
 * each different set of problems.
 */
export function createFileRulebook({
  warn,
  ...files
}: RulebookFiles & { warn: (message: string) => void }): Rulebook {
  const current = oneAtATime(createLoader(files, warn));
  return {
    rules: async () => [...(await current()).rules.values()],
    rule: async (id) => (await current()).rules.get(id),
    groups: async () => (await current()).groups,
  };
}

/**
 * Adds a document (or a bare rule) as `<name>.yaml` to the folder, or replaces it. A reader sees the file whole or not
 * at all. Only its owner may read it (mode 600).
 *
 * @param name 1 to 64 of a-z, 0-9, "_" and "-".
 * @param source What a YAML file would hold, such as `source` of `readRulebookDocument`.
 * @returns The path of the file.
 * @throws RulebookError when it is invalid or does not fit the other documents: then nothing is written, so that it
 *   cannot stop the service from starting.
 */
export async function addDocument(files: RulebookFiles, name: string, source: unknown): Promise<string> {
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name))
    throw new TypeError(`not a document name: ${JSON.stringify(name)}`);
  const path = join(files.folder, `${name}.yaml`);
  const document = validateDocument(path, source);
  const others = (await pathsOf(files)).filter((other) => other !== path);
  const documents = await Promise.all(others.map(readRulebookDocument));
  mergeDocuments([...documents, document], files.file);
  await writeWhole(path, stringify(source));
  return path;
}

function createLoader(files: RulebookFiles, warn: (message: string) => void) {
  let snapshots = new Map<string, Snapshot>();
  let good: MergedRulebook | undefined;
  let warned: string | undefined;

  async function reload(): Promise<MergedRulebook> {
    const paths = await pathsOf(files);
    const before = snapshots;
    snapshots = new Map(
      await Promise.all(paths.map(async (path) => [path, await look(path, before.get(path))] as const)),
    );
    const unchanged =
      snapshots.size === before.size && paths.every((path) => snapshots.get(path) === before.get(path));
    return good !== undefined && unchanged ? good : merge([...snapshots.values()], files.file);
  }

  return async function load(): Promise<MergedRulebook> {
    try {
      const merged = await reload();
      if (merged !== good) warned = undefined;
      good = merged;
    } catch (error) {
      if (good === undefined || !(error instanceof RulebookError)) throw error;
      if (warned !== error.message) warn(`The last good rules stay in force. ${error.message}`);
      warned = error.message;
    }
    return good;
  };
}

/** @throws RulebookError with the problems of all files, or else with those that lie between them. */
function merge(snapshots: readonly Snapshot[], mainFile: string | undefined): MergedRulebook {
  const documents: ReadDocument[] = [];
  const problems = snapshots.flatMap(({ read }) => {
    if (read instanceof RulebookError) return read.problems;
    documents.push(read);
    return [];
  });
  if (problems.length > 0) throw new RulebookError(problems);
  return mergeDocuments(documents, mainFile);
}

async function look(path: string, before: Snapshot | undefined): Promise<Snapshot> {
  // Taken before reading: a write in between shows as another stamp next time.
  const stamp = await stampOf(path);
  if (before !== undefined && stamp !== undefined && stamp === before.stamp) return before;
  try {
    return { stamp, read: await readRulebookDocument(path) };
  } catch (error) {
    if (error instanceof RulebookError) return { stamp, read: error };
    throw error;
  }
}

async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs, ctimeNs, ctimeMs } = await stat(path, { bigint: true });
    const settled = Date.now() - Number(ctimeMs) > SETTLED_AFTER_MS;
    return settled ? [ino, size, mtimeNs, ctimeNs].join('/') : undefined;
  } catch {
    // Reading it comes next, and says why it cannot be.
    return undefined;
  }
}

/** All files that count, in the order in which they do. */
async function pathsOf({ file, folder }: RulebookFiles): Promise<string[]> {
  const added = (await namesIn(folder))
    .filter((name) => name.endsWith('.yaml') && !name.startsWith('.'))
    .sort();
  return [...(file === undefined ? [] : [file]), ...added.map((name) => join(folder, name))];
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    const error = thrown as NodeJS.ErrnoException;
    if (error.code === 'ENOENT') return [];
    throw cannotBeRead(folder, error);
  }
}

/**
 * Runs `work` for many callers without running it twice at once. A caller shares a run only when that begins after the
 * call: one that is under way may already have looked at a file that was changed since.
 */
function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let latest: Promise<unknown> = Promise.resolve();
  let waiting: Promise<T> | undefined;
  return () => {
    if (waiting === undefined) {
      waiting = latest
        .catch(() => undefined)
        .then(() => {
          waiting = undefined;
          return work();
        });
      latest = waiting;
    }
    return waiting;
  };
}
