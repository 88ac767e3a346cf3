import { statisticsOf, type CallCount, type CallStatistics } from '../destinations/call-counts';
import type { TimeSpan } from '../shared/time-parts';
import type { Database } from './database';
import type { DestinationCalls, HourlyCount } from './destination-call-store';
import { groupBy, slices } from './lists';

export class DestinationCallRepository implements DestinationCalls {
  constructor(private readonly database: Database) {}

  async add(counts: readonly CallCount[]): Promise<void> {
    if (counts.length === 0) return;
    await this.database.transaction(async (tx) => {
      for (const some of slices(counts)) {
        await tx
          .insertInto('destination_calls')
          .values([...some])
          .onConflict((conflict) =>
            conflict.columns(['workspace', 'origin', 'hour', 'bucket']).doUpdateSet((eb) => ({
              delivered: eb('destination_calls.delivered', '+', eb.ref('excluded.delivered')),
              failed: eb('destination_calls.failed', '+', eb.ref('excluded.failed')),
            })),
          )
          .execute();
      }
    });
  }

  async statistics(
    workspace: string,
    origins: readonly string[],
    since: string,
  ): Promise<ReadonlyMap<string, CallStatistics>> {
    if (origins.length === 0) return new Map();
    const rows = await this.database.reader
      .selectFrom('destination_calls')
      .select(({ fn }) => [
        'origin',
        'bucket',
        fn.sum('delivered').as('delivered'),
        fn.sum('failed').as('failed'),
      ])
      .where('workspace', '=', workspace)
      .where('origin', 'in', origins)
      .where('hour', '>=', since)
      .groupBy(['origin', 'bucket'])
      .execute();
    const byOrigin = groupBy(rows.map(withNumbers), ({ origin }) => origin);
    return new Map([...byOrigin].map(([origin, all]) => [origin, statisticsOf(all)]));
  }

  async byHour(workspace: string, { from, to }: TimeSpan, origin?: string): Promise<HourlyCount[]> {
    const rows = await this.database.reader
      .selectFrom('destination_calls')
      .select(({ fn }) => [
        'hour',
        'bucket',
        fn.sum('delivered').as('delivered'),
        fn.sum('failed').as('failed'),
      ])
      .where('workspace', '=', workspace)
      .where('hour', '>=', from)
      .where('hour', '<', to)
      .$if(origin !== undefined, (query) => query.where('origin', '=', origin ?? ''))
      .groupBy(['hour', 'bucket'])
      .execute();
    return rows.map(withNumbers);
  }

  async purge(before: string): Promise<void> {
    await this.database.transaction((tx) =>
      tx.deleteFrom('destination_calls').where('hour', '<', before).execute(),
    );
  }
}

/** PostgreSQL's sums come as texts. */
function withNumbers<Row extends { delivered: unknown; failed: unknown }>(row: Row) {
  return { ...row, delivered: Number(row.delivered), failed: Number(row.failed) };
}
