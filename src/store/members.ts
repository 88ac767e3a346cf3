import type { Changes } from './changes';
import type { Database, Tx } from './database';
import { NotFoundError } from './errors';
import { assertUnused } from './rule-references';
import { assertVersion, nextStamp, stampOf } from './stamp';
import type { Change, IfVersion, Page, Stamped } from './record';
import type { Member, Members } from './store';
import type { Tables } from './tables';

/** The people of a workspace, who can own rules. */
export class MemberRepository implements Members {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  async list(workspace: string, { after, limit }: Page): Promise<(Member & Stamped)[]> {
    const rows = await this.database.reader
      .selectFrom('members')
      .selectAll()
      .where('workspace', '=', workspace)
      .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(stampedMember);
  }

  async get(workspace: string, id: string): Promise<(Member & Stamped) | undefined> {
    const row = await findMember(this.database.reader, workspace, id);
    return row && stampedMember(row);
  }

  put(
    change: Change,
    { id, name, email }: Member,
    condition?: IfVersion,
  ): Promise<Member & Stamped & { created: boolean }> {
    return this.changes.run(change, async (underWay) => {
      const row = await findMember(underWay.tx, change.workspace, id);
      assertVersion(`member "${id}"`, row, condition);
      if (row?.name === name && row.email === email) return { ...stampedMember(row), created: false };
      const written = { workspace: change.workspace, id, name, email, ...nextStamp(underWay, row) };
      await underWay.tx
        .insertInto('members')
        .values(written)
        .onConflict((conflict) => conflict.columns(['workspace', 'id']).doUpdateSet(written))
        .execute();
      const action = row === undefined ? 'member.created' : 'member.updated';
      underWay.audit(action, { type: 'member', id }, { to: written.version });
      return { ...stampedMember(written), created: row === undefined };
    });
  }

  async delete(change: Change, id: string, condition?: IfVersion): Promise<void> {
    await this.changes.run(change, async (underWay) => {
      const row = await findMember(underWay.tx, change.workspace, id);
      if (row === undefined) throw new NotFoundError(`there is no member "${id}"`);
      assertVersion(`member "${id}"`, row, condition);
      await assertUnused(underWay, 'member', id);
      await underWay.tx
        .deleteFrom('members')
        .where('workspace', '=', change.workspace)
        .where('id', '=', id)
        .execute();
      underWay.audit('member.deleted', { type: 'member', id }, { from: row.version });
    });
  }
}

function findMember(
  db: Database['reader'] | Tx,
  workspace: string,
  id: string,
): Promise<Tables['members'] | undefined> {
  return db
    .selectFrom('members')
    .selectAll()
    .where('workspace', '=', workspace)
    .where('id', '=', id)
    .executeTakeFirst();
}

function stampedMember(row: Tables['members']): Member & Stamped {
  return { id: row.id, name: row.name, email: row.email, ...stampOf(row) };
}
