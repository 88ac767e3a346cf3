import { insertApiKey } from './api-keys';
import type { Changes } from './changes';
import type { Database } from './database';
import { AlreadyExistsError } from './errors';
import type { NewApiKey } from './api-key-store';
import type { Change, Page } from './record';
import type { Workspace, Workspaces } from './store';
import type { Tables } from './tables';

/** The workspaces of the installation. The audit log of the one whose key made the change has it. */
export class WorkspaceRepository implements Workspaces {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  async list({ after, limit }: Page): Promise<Workspace[]> {
    const rows = await this.database.reader
      .selectFrom('workspaces')
      .selectAll()
      .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(workspaceOf);
  }

  create(
    change: Change,
    { id, name }: { id: string; name: string },
    firstKey: NewApiKey,
  ): Promise<Workspace> {
    return this.changes.run(change, async (underWay) => {
      const row = await underWay.tx
        .insertInto('workspaces')
        .values({ id, name, created_at: underWay.at })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) throw new AlreadyExistsError(`there is a workspace "${id}" already`);
      underWay.audit('workspace.created', { type: 'workspace', id }, { name });
      await insertApiKey(underWay.in(id), firstKey);
      return workspaceOf(row);
    });
  }
}

function workspaceOf(row: Tables['workspaces']): Workspace {
  return { id: row.id, name: row.name, createdAt: row.created_at };
}
