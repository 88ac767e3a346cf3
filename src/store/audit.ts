import type { JsonObject } from '../shared/json';
import type { Changes } from './changes';
import type { Database } from './database';
import type { Audit, AuditEntry, Change } from './store';

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
    page: {
      before?: number | undefined;
      limit: number;
      subjectType?: string | undefined;
      subjectId?: string | undefined;
    },
  ): Promise<AuditEntry[]> {
    const { before, subjectType, subjectId } = page;
    const rows = await this.database.reader
      .selectFrom('audit_log')
      .selectAll()
      .where('workspace', '=', workspace)
      .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
      .$if(subjectType !== undefined, (query) => query.where('subject_type', '=', subjectType ?? ''))
      .$if(subjectId !== undefined, (query) => query.where('subject_id', '=', subjectId ?? ''))
      .orderBy('id', 'desc')
      .limit(page.limit)
      .execute();
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
