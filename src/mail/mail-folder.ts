import path from 'node:path';
import { writeWhole } from '../files/write-whole';

/**
 * Puts a mail into `<folder>/<id>.eml`; the same id again replaces the file. For its owner only, since a mail holds an
 * address and perhaps a URL with a secret in it.
 *
 * @returns The file's path.
 * @throws Error of the file system.
 */
export async function writeMail(folder: string, id: string, bytes: Uint8Array): Promise<string> {
  // Encoded, an id is always one file name inside the folder.
  const file = path.join(folder, `${encodeURIComponent(id)}.eml`);
  await writeWhole(file, bytes);
  return file;
}
