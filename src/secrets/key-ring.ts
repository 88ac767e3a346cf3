import type { MasterKey } from './master-key';

/** The master keys of an installation. */
export interface KeyRing {
  /** Where they come from, for people: the name of the setting or of the file. */
  readonly source: string;
  /** What a person does to give it a key that it lacks, as the end of a sentence. */
  readonly remedy: string;
  /**
   * Looks where they come from once more before it says that there is none.
   *
   * @throws EncryptionKeyError when it cannot look
   */
  find(id: string): MasterKey | undefined;
  /** The ids of all that are at hand. @throws EncryptionKeyError */
  ids(): string[];
  /** The key that seals in an installation that has sealed nothing yet; made when there is none. @throws EncryptionKeyError */
  first(): Promise<MasterKey>;
  /** The key that a rotation goes over to. It is kept when this resolves. @throws EncryptionKeyError */
  next(): Promise<MasterKey>;
  /** Forgets all others, as far as they are its to forget. @returns the ids of the others @throws EncryptionKeyError */
  keepOnly(id: string): Promise<string[]>;
}

/** Keys that are given from outside: the first one is that which shall seal, and which the others are is not ours to say. */
export function givenKeys(keys: readonly [MasterKey, ...MasterKey[]], source: string): KeyRing {
  const [first] = keys;
  const ids = keys.map(({ id }) => id);
  return {
    source,
    remedy: `put it into ${source}, behind the key that shall seal from now on`,
    find: (id) => keys.find((key) => key.id === id),
    ids: () => ids,
    first: async () => first,
    next: async () => first,
    keepOnly: async (kept) => ids.filter((id) => id !== kept),
  };
}
