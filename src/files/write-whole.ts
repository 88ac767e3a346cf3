import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Writes a file so that whoever looks sees all of it or none, and so that it outlives a loss of power; what stood there
 * is replaced. Only its owner may read it (mode 600). Folders that are missing are created (mode 700).
 *
 * @throws Error of the file system; the file is then as it was
 */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  await throughTemporary(file, content, (temporary) => rename(temporary, file));
}

/**
 * The same for a file that must not be there yet: of many that make it at once, one does, and the others leave it as it is.
 *
 * @returns whether this made it
 * @throws Error of the file system
 */
export async function createWhole(file: string, content: string | Uint8Array): Promise<boolean> {
  try {
    await throughTemporary(file, content, async (temporary) => {
      // Unlike a rename, it fails when there is something by that name.
      await link(temporary, file);
      await rm(temporary);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function throughTemporary(
  file: string,
  content: string | Uint8Array,
  intoPlace: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Two processes may write the same file at once: each has its own temporary one.
  const temporary = path.join(folder, `.${randomUUID()}.tmp`);
  try {
    await writeSynced(temporary, content);
    await intoPlace(temporary);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

async function writeSynced(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Without this the new name itself may be lost with the power. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
