import { sql } from 'kysely';
import type { Tx } from './database';
import { storedEvent } from './event-writes';

/** Events that are read at once: of the largest, some 25 MB. */
const PAGE = 100;

/** Writes down the type and the domain of all events that were there before these were written down. */
export async function fillEventFilters(tx: Tx): Promise<void> {
  let after = { workspace: '', id: '' };
  for (;;) {
    const rows = await tx
      .selectFrom('events')
      .selectAll()
      .where((eb) => eb(eb.refTuple('workspace', 'id'), '>', eb.tuple(after.workspace, after.id)))
      .orderBy('workspace')
      .orderBy('id')
      .limit(PAGE)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    const filled = rows.map((row) => {
      const { type, domain = null } = storedEvent(row).event;
      return sql`(${row.workspace}, ${row.id}, ${type}, ${domain})`;
    });
    await sql`
      update events set type = filled.column3, domain = filled.column4
      from (values ${sql.join(filled)}) as filled
      where events.workspace = filled.column1 and events.id = filled.column2`.execute(tx);
    after = last;
  }
}
