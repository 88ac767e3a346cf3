import { join } from 'node:path';
import { makeApiKey } from '../api/api-key';
import { writeWhole } from '../files/write-whole';
import { DEFAULT_WORKSPACE } from '../shared/ids';
import type { Store } from '../store/store';

/** Where the first admin key is kept for the command line of the same machine. */
export function adminKeyFile(dataFolder: string): string {
  return join(dataFolder, 'admin-key');
}

/**
 * Makes an admin key when the installation has no key at all, and keeps it in the data folder, where its owner alone may
 * read it.
 *
 * @returns the key, when this made it
 */
export async function makeFirstAdminKey(store: Store, dataFolder: string): Promise<string | undefined> {
  const { key, id, hash } = makeApiKey();
  const change = { workspace: DEFAULT_WORKSPACE, actor: 'start' };
  const made = await store.apiKeys.createFirst(
    change,
    { id, name: 'First admin key', role: 'admin', hash },
    () => writeWhole(adminKeyFile(dataFolder), `${key}\n`),
  );
  return made && key;
}
