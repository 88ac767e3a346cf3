import type { Rule } from '../rules/rule';
import type { JsonObject } from '../shared/json';
import type { Change, IfVersion, Page, Stamped } from './record';

/** `document` is the rule as it was written (valid input), `rule` the same as the program uses it. */
export interface StoredRule extends Stamped {
  id: string;
  document: JsonObject;
  rule: Rule;
}

export interface RuleVersion {
  version: number;
  /** What happened to it: 'deleted' has the document that it had. */
  action: 'created' | 'updated' | 'deleted';
  document: JsonObject;
  changedAt: string;
  changedBy: string;
}

export interface Rules {
  list(workspace: string, page: Page): Promise<StoredRule[]>;
  get(workspace: string, id: string): Promise<StoredRule | undefined>;
  /** @throws AlreadyExistsError; UnknownReferenceError (a portfolio, member, credential or channel that is not there) */
  create(change: Change, document: JsonObject): Promise<StoredRule>;
  /** @throws NotFoundError; VersionMismatchError; UnknownReferenceError. The same document again changes nothing, and no version. */
  replace(change: Change, id: string, document: JsonObject, condition?: IfVersion): Promise<StoredRule>;
  /** Sets or clears `paused_at`. Pausing a paused rule changes nothing. */
  setPaused(change: Change, id: string, pausedAt: string | null, condition?: IfVersion): Promise<StoredRule>;
  delete(change: Change, id: string, condition?: IfVersion): Promise<void>;
  /** Newest first; `before` is a version. Also of a deleted rule. */
  versions(
    workspace: string,
    id: string,
    page: { before?: number | undefined; limit: number },
  ): Promise<RuleVersion[]>;
  /** Rules as they were; those of which there is no such version are left out. */
  atVersions(workspace: string, wanted: readonly { id: string; version: number }[]): Promise<StoredRule[]>;
}
