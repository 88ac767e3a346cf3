import type { JsonObject } from '../shared/json';
import type { Changes } from './changes';
import type { Database } from './database';
import type { Audit, AuditEntry, AuditFilter } from './audit-store';
import type { Change } from './record';

/** What each filter asks of an entry. */
const CONDITIONS = [
  ['actor', 'actor', '='],
  ['action', 'action', '='],
  ['subjectType', 'subject_type', '='],
  ['subjectId', 'subject_id', '='],
  ['from', 'at', '>='],
  ['to', 'at', '<'],
] as const satisfies [keyof AuditFilter, string, string][];

/** The audit log, which `Changes` writes. */
export class AuditLog implements Audit {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  record(
    change: Change,
    action: string,
    subject: AuditEntry['subject'],
    details?: JsonObject,
  ): Promise<void> {
    return this.changes.run(change, async (underWay) => {
      underWay.audit(action, subject, details);
    });
  }

  async list(
    workspace: string,
    { before, limit, ...filter }: AuditFilter & { before?: number | undefined; limit: number },
  ): Promise<AuditEntry[]> {
    let query = this.database.reader
      .selectFrom('audit_log')
      .selectAll()
      .where('workspace', '=', workspace)
      .$if(before !== undefined, (all) => all.where('id', '<', before ?? 0));
    for (const [name, column, operator] of CONDITIONS) {
      const value = filter[name];
      if (value !== undefined) query = query.where(column, operator, value);
    }
    const rows = await query.orderBy('id', 'desc').limit(limit).execute();
    return rows.map((row) => ({
      id: row.id,
      at: row.at,
      actor: row.actor,
      action: row.action,
      subject: { type: row.subject_type, id: row.subject_id },
      details: JSON.parse(row.details) as JsonObject,
    }));
  }
}
