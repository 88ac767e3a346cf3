import type { JsonObject } from '../shared/json';
import type { Change } from './record';

export interface AuditEntry {
  /** Ever larger. */
  id: number;
  at: string;
  actor: string;
  /** E.g. `rule.updated`, `api_key.revoked`. */
  action: string;
  subject: { type: string; id: string };
  /** What else there is to say, e.g. `{from: 3, to: 4}`; no secrets. */
  details: JsonObject;
}

/** Which entries are meant. All that are given must hold. */
export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  subjectType?: string | undefined;
  subjectId?: string | undefined;
  /** Then or later. */
  from?: string | undefined;
  /** Before then. */
  to?: string | undefined;
}

export interface Audit {
  /** Puts on record what is done elsewhere than in the store. */
  record(change: Change, action: string, subject: AuditEntry['subject'], details?: JsonObject): Promise<void>;
  /** Newest first; `before` is an entry's id. */
  list(
    workspace: string,
    page: AuditFilter & { before?: number | undefined; limit: number },
  ): Promise<AuditEntry[]>;
}
