import type { Change, Page } from './record';

export type Role = 'admin' | 'editor' | 'viewer' | 'sender' | 'decoder';

export interface ApiKey {
  /** Public: part of the key, and how it is named in the audit log. */
  id: string;
  workspace: string;
  name: string;
  role: Role;
  createdAt: string;
  createdBy: string;
  revokedAt: string | null;
}

export interface NewApiKey {
  id: string;
  name: string;
  role: Role;
  /** SHA-256 of the whole key, hex: the key itself is kept nowhere. */
  hash: string;
}

export interface ApiKeys {
  list(workspace: string, page: Page): Promise<ApiKey[]>;
  create(change: Change, key: NewApiKey): Promise<ApiKey>;
  /**
   * Makes a key when the installation has none at all.
   *
   * @param keep what must have been done before the key is in force: one that nobody knows would lock everybody out
   * @returns undefined when there is one already, and then nothing was done
   */
  createFirst(change: Change, key: NewApiKey, keep: () => Promise<void>): Promise<ApiKey | undefined>;
  /** Of any workspace, for the check of a request. Answers for revoked ones too. */
  find(id: string): Promise<(ApiKey & { hash: string }) | undefined>;
  /** @throws NotFoundError */
  revoke(change: Change, id: string): Promise<ApiKey>;
}
