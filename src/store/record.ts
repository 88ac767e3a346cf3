/** On whose behalf a change is made; it goes into the audit log. */
export interface Change {
  workspace: string;
  /** E.g. `key/k_3f9a…`, `mail-link/6f1c…`, or `start` for what the program does by itself. */
  actor: string;
}

export interface Page {
  after?: string | undefined;
  limit: number;
}

/** For a change of something with a version. */
export interface IfVersion {
  /**
   * Only when this is the version that it has now; otherwise VersionMismatchError. 0: only when it is not there. Absent:
   * whatever it is.
   */
  ifVersion?: number | undefined;
}

export interface Stamped {
  /** 1, 2, … */
  version: number;
  createdAt: string;
  updatedAt: string;
  updatedBy: string;
}
