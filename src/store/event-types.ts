import type { EventTypeDocument } from '../rules/event-type';
import { canonicalJson } from '../shared/canonical-json';
import type { JsonObject } from '../shared/json';
import type { Changes } from './changes';
import type { Database, Tx } from './database';
import { NotFoundError } from './errors';
import { assertVersion, nextStamp, stampOf } from './stamp';
import type { EventTypes } from './event-store';
import type { Change, IfVersion, Page, Stamped } from './record';
import type { Tables } from './tables';

/** The types of the senders' own events. */
export class EventTypeRepository implements EventTypes {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  async list(workspace: string, { after, limit }: Page): Promise<(EventTypeDocument & Stamped)[]> {
    const rows = await this.database.reader
      .selectFrom('event_types')
      .selectAll()
      .where('workspace', '=', workspace)
      .$if(after !== undefined, (query) => query.where('name', '>', after ?? ''))
      .orderBy('name')
      .limit(limit)
      .execute();
    return rows.map(stampedType);
  }

  async get(workspace: string, name: string): Promise<(EventTypeDocument & Stamped) | undefined> {
    const row = await findType(this.database.reader, workspace, name);
    return row && stampedType(row);
  }

  put(
    change: Change,
    { name, description, schema }: EventTypeDocument,
    condition?: IfVersion,
  ): Promise<EventTypeDocument & Stamped & { created: boolean }> {
    return this.changes.run(change, async (underWay) => {
      const row = await findType(underWay.tx, change.workspace, name);
      assertVersion(`event type "${name}"`, row, condition);
      const before = row && stampedType(row);
      if (before?.description === description && canonicalJson(before.schema) === canonicalJson(schema)) {
        return { ...before, created: false };
      }
      const written = {
        workspace: change.workspace,
        name,
        description,
        schema: schema && JSON.stringify(schema),
        ...nextStamp(underWay, row),
      };
      await underWay.tx
        .insertInto('event_types')
        .values(written)
        .onConflict((conflict) => conflict.columns(['workspace', 'name']).doUpdateSet(written))
        .execute();
      const action = row === undefined ? 'event_type.created' : 'event_type.updated';
      underWay.audit(action, { type: 'event_type', id: name }, { to: written.version });
      return { ...stampedType(written), created: row === undefined };
    });
  }

  async delete(change: Change, name: string, condition?: IfVersion): Promise<void> {
    await this.changes.run(change, async (underWay) => {
      const row = await findType(underWay.tx, change.workspace, name);
      if (row === undefined) throw new NotFoundError(`there is no event type "${name}"`);
      assertVersion(`event type "${name}"`, row, condition);
      await underWay.tx
        .deleteFrom('event_types')
        .where('workspace', '=', change.workspace)
        .where('name', '=', name)
        .execute();
      underWay.audit('event_type.deleted', { type: 'event_type', id: name }, { from: row.version });
    });
  }
}

function findType(
  db: Database['reader'] | Tx,
  workspace: string,
  name: string,
): Promise<Tables['event_types'] | undefined> {
  return db
    .selectFrom('event_types')
    .selectAll()
    .where('workspace', '=', workspace)
    .where('name', '=', name)
    .executeTakeFirst();
}

function stampedType(row: Tables['event_types']): EventTypeDocument & Stamped {
  return {
    name: row.name,
    description: row.description,
    schema: row.schema === null ? null : (JSON.parse(row.schema) as JsonObject),
    ...stampOf(row),
  };
}
