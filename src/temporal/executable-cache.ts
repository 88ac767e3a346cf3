import { chmod, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { checkOf, hasSha256, sha256OfFile } from './file-sum';

/** Characters of a sha256 in hex. */
const SHA256_LENGTH = 64;

/** What a cache folder holds of one executable. */
export interface CachedExecutables {
  /** A copy whose content has the sum it was installed with. */
  intact: string | undefined;
  /** Copies whose content has changed since: not to be run. */
  damaged: string[];
}

/**
 * Looks for copies of `name` in the cache and checks each by its sum. A copy is a file `<name>.<sha256>`: with the sum
 * in the name, file and sum come into being in one rename and can never belong to two different installs.
 */
export async function findCachedExecutable(folder: string, name: string): Promise<CachedExecutables> {
  const prefix = `${name}.`;
  const entries = await readdir(folder).catch(() => []);
  const copies = entries.filter(
    (entry) => entry.startsWith(prefix) && entry.length === prefix.length + SHA256_LENGTH,
  );
  const damaged: string[] = [];
  for (const copy of copies) {
    const file = path.join(folder, copy);
    if (await hasSha256(file, copy.slice(prefix.length))) return { intact: file, damaged };
    damaged.push(file);
  }
  return { intact: undefined, damaged };
}

/**
 * Moves `file`, which must be on the cache folder's file system, into the cache as `name`. Atomic, so that two
 * processes which install at once both end with a whole file. Damaged copies are replaced or removed.
 *
 * @returns the path of the installed executable
 */
export async function installExecutable(
  folder: string,
  name: string,
  file: string,
  damaged: readonly string[],
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await chmod(file, 0o755);
  const installed = path.join(folder, `${name}.${await sha256OfFile(file)}`);
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(file, installed);
  const replaced = damaged.filter((copy) => copy !== installed).flatMap((copy) => [copy, checkOf(copy)]);
  await Promise.all(replaced.map((copy) => rm(copy, { force: true })));
  return installed;
}
