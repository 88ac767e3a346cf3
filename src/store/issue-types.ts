import type { Severity } from '../rules/scale';
import { canonicalJson } from '../shared/canonical-json';
import type { Changes, ChangeUnderWay } from './changes';
import type { Database, Tx } from './database';
import type { Change } from './record';
import type { IssueTypes } from './store';

type Severities = Record<string, Severity>;

/** The severities of issue types, all of a workspace in one row, as they are edited and used together. */
export class IssueTypeRepository implements IssueTypes {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  all(workspace: string): Promise<Severities> {
    return readSeverities(this.database.reader, workspace);
  }

  async set(change: Change, severities: Severities): Promise<void> {
    await this.changes.run(change, (underWay) => writeSeverities(underWay, severities));
  }
}

export async function readSeverities(db: Database['reader'] | Tx, workspace: string): Promise<Severities> {
  const row = await db
    .selectFrom('issue_types')
    .select('severities')
    .where('workspace', '=', workspace)
    .executeTakeFirst();
  return row === undefined ? {} : (JSON.parse(row.severities) as Severities);
}

/** Replaces all of a workspace; those that are so already make no change. */
export async function writeSeverities(underWay: ChangeUnderWay, severities: Severities): Promise<void> {
  const { tx, workspace, seq } = underWay;
  const before = await readSeverities(tx, workspace);
  if (canonicalJson(before) === canonicalJson(severities)) return;
  const written = { workspace, severities: JSON.stringify(severities), changed_seq: seq };
  await tx
    .insertInto('issue_types')
    .values(written)
    .onConflict((conflict) => conflict.column('workspace').doUpdateSet(written))
    .execute();
  const subject = { type: 'issue_types', id: workspace };
  underWay.audit('issue_types.updated', subject, { types: Object.keys(severities).length });
}
