import { statisticsOf, type CallCount, type CallStatistics } from '../destinations/call-counts';
import type { Database } from './database';
import type { DestinationCalls } from './destination-call-store';
import { slices } from './lists';

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

  async statistics(workspace: string, origin: string, since: string): Promise<CallStatistics> {
    const rows = await this.database.reader
      .selectFrom('destination_calls')
      .select(({ fn }) => ['bucket', fn.sum('delivered').as('delivered'), fn.sum('failed').as('failed')])
      .where('workspace', '=', workspace)
      .where('origin', '=', origin)
      .where('hour', '>=', since)
      .groupBy('bucket')
      .execute();
    // PostgreSQL's sums come as texts.
    return statisticsOf(
      rows.map(({ bucket, delivered, failed }) => ({
        bucket,
        delivered: Number(delivered),
        failed: Number(failed),
      })),
    );
  }

  async purge(before: string): Promise<void> {
    await this.database.transaction((tx) =>
      tx.deleteFrom('destination_calls').where('hour', '<', before).execute(),
    );
  }
}
