import type { Database } from './database';
import type { Destination, Destinations } from './store';

/** Of an error, which may quote what a receiver sent. Characters. */
const MAX_ERROR_LENGTH = 500;

/** How the receivers of webhooks are doing. */
export class DestinationRepository implements Destinations {
  constructor(private readonly database: Database) {}

  async get(workspace: string, origin: string): Promise<Destination | undefined> {
    const row = await this.database.reader
      .selectFrom('destinations')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('origin', '=', origin)
      .executeTakeFirst();
    return (
      row && {
        origin: row.origin,
        failingSince: row.failing_since,
        consecutiveFailures: row.consecutive_failures,
        lastError: row.last_error,
        lastFailureAt: row.last_failure_at,
        lastRecoveryAt: row.last_recovery_at,
      }
    );
  }

  async recordFailure(
    workspace: string,
    origin: string,
    failure: { at: string; error: string },
  ): Promise<void> {
    const { at } = failure;
    // PostgreSQL's texts cannot hold a NUL.
    const error = failure.error.replaceAll('\0', '').slice(0, MAX_ERROR_LENGTH);
    await this.database.transaction((tx) =>
      tx
        .insertInto('destinations')
        .values({
          workspace,
          origin,
          failing_since: at,
          consecutive_failures: 1,
          last_error: error,
          last_failure_at: at,
          last_recovery_at: null,
        })
        .onConflict((conflict) =>
          conflict.columns(['workspace', 'origin']).doUpdateSet((eb) => ({
            failing_since: eb.fn.coalesce('destinations.failing_since', 'excluded.failing_since'),
            consecutive_failures: eb('destinations.consecutive_failures', '+', 1),
            last_error: error,
            last_failure_at: at,
          })),
        )
        .execute(),
    );
  }

  async recordSuccess(workspace: string, origin: string, at: string): Promise<void> {
    const destination = await this.get(workspace, origin);
    if (destination?.failingSince == null) return;
    await this.database.transaction((tx) =>
      tx
        .updateTable('destinations')
        .set({ failing_since: null, consecutive_failures: 0, last_recovery_at: at })
        .where('workspace', '=', workspace)
        .where('origin', '=', origin)
        .where('failing_since', 'is not', null)
        .execute(),
    );
  }
}
