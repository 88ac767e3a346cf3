import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Puts a mail into `<folder>/<id>.eml`. Whoever looks sees the whole mail or none, and the same id again replaces the
 * file. The folder (mode 700) and its parents are created where they are missing; the file has mode 600, for it holds
 * an address and perhaps a URL with a secret in it.
 *
 * @returns The file's path.
 * @throws Error of the file system.
 */
export async function writeMail(folder: string, id: string, bytes: Uint8Array): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Encoded, an id is always one file name inside the folder.
  const file = path.join(folder, `${encodeURIComponent(id)}.eml`);
  // Two workers may write the same mail at once: each has its own temporary file, and the last one stays.
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await writeSynced(temporary, bytes);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
  return file;
}

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
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
