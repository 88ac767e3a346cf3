import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWhole, writeWhole } from '../files/write-whole';
import type { KeyRing } from './key-ring';
import { makeMasterKey, parseMasterKeys, textOfMasterKey, type MasterKey } from './master-key';
import { EncryptionKeyError } from './setup-error';

const FILE_NAME = 'encryption-key';

const HEAD = `# The secrets in the store are sealed with the first of these keys. Whoever has lost them has lost the secrets:
# keep a copy, and not beside that of the store.
`;

/** Keys in a file of the data folder, which its owner alone may read. All processes on that folder share it. */
export class KeyFile implements KeyRing {
  readonly source: string;
  readonly remedy: string;
  /** Also those that have left the file: what was read before a rotation may be opened after it. */
  private readonly known = new Map<string, MasterKey>();

  constructor(dataFolder: string) {
    this.source = join(dataFolder, FILE_NAME);
    this.remedy = `put that file back, or copy it from the machine that has it`;
  }

  find(id: string): MasterKey | undefined {
    if (!this.known.has(id)) this.read();
    return this.known.get(id);
  }

  ids(): string[] {
    return this.read().map(({ id }) => id);
  }

  async first(): Promise<MasterKey> {
    const [there] = this.read();
    if (there !== undefined) return there;
    const made = makeMasterKey();
    await this.change(() => createWhole(this.source, contentOf([made])));
    // Another process may have been quicker.
    const [first] = this.read();
    if (first === undefined) throw new EncryptionKeyError(`${this.source} has gone while it was read`);
    return first;
  }

  async next(): Promise<MasterKey> {
    const keys = this.read();
    const made = makeMasterKey();
    await this.change(() => writeWhole(this.source, contentOf([made, ...keys])));
    this.known.set(made.id, made);
    return made;
  }

  async keepOnly(id: string): Promise<string[]> {
    const keys = this.read();
    const others = keys.filter((key) => key.id !== id);
    if (others.length === 0) return [];
    const kept = keys.filter((key) => key.id === id);
    await this.change(() => writeWhole(this.source, contentOf(kept)));
    return others.map((key) => key.id);
  }

  /** The keys that stand in the file; none when there is no file. Waits for the disk: it is short, and seldom read. */
  private read(): MasterKey[] {
    const text = this.readText();
    if (text === undefined) return [];
    try {
      const keys = parseMasterKeys(text.replaceAll(/^#.*$/gm, ''));
      for (const key of keys) this.known.set(key.id, key);
      return keys;
    } catch (error) {
      throw new EncryptionKeyError(`${this.source} ${(error as Error).message}`);
    }
  }

  private readText(): string | undefined {
    try {
      const text = readFileSync(this.source, 'utf8');
      chmodSync(this.source, 0o600);
      return text;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new EncryptionKeyError(`${this.source} cannot be used: ${(error as Error).message}`);
    }
  }

  private async change(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw new EncryptionKeyError(`${this.source} cannot be written: ${(error as Error).message}`);
    }
  }
}

function contentOf(keys: readonly MasterKey[]): string {
  return `${HEAD}${keys.map((key) => `${textOfMasterKey(key)}\n`).join('')}`;
}
