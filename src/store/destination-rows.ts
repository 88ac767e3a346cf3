import { destinationSettingsSchema, type DestinationSettings } from '../destinations/settings';
import type { Standing } from '../destinations/standing';
import type { Database, Tx } from './database';
import type { Destination } from './destination-store';
import { groupBy, slices } from './lists';
import { liveSigningKeys, signingKeyView } from './signing-keys';
import type { DestinationTable, SigningKeyTable } from './tables';

export function findDestination(
  db: Database['reader'] | Tx,
  workspace: string,
  origin: string,
): Promise<DestinationTable | undefined> {
  return db
    .selectFrom('destinations')
    .selectAll()
    .where('workspace', '=', workspace)
    .where('origin', '=', origin)
    .executeTakeFirst();
}

/** Makes the row of an origin that has none yet. */
export async function ensureDestination(tx: Tx, workspace: string, origin: string): Promise<void> {
  await tx
    .insertInto('destinations')
    .values(nothingSet(workspace, origin))
    .onConflict((conflict) => conflict.columns(['workspace', 'origin']).doNothing())
    .execute();
}

/** What people set for a destination, or what holds as long as they have not. */
export function settingsOf(row: DestinationTable | undefined): DestinationSettings {
  return destinationSettingsSchema.parse({
    auth: row?.auth ?? null,
    tls: row?.tls ?? null,
    limits: JSON.parse(row?.limits ?? '{}') as unknown,
  });
}

/** Whether it is to be called. */
export function standingOf(row: DestinationTable | undefined): Standing {
  return {
    disabled: row?.disabled_at == null ? null : { at: row.disabled_at, reason: row.disabled_reason ?? '' },
    openUntil: row?.open_until ?? null,
  };
}

export function nothingSet(workspace: string, origin: string): DestinationTable {
  return {
    workspace,
    origin,
    version: 0,
    auth: null,
    tls: null,
    limits: null,
    created_at: null,
    updated_at: null,
    updated_by: null,
    failing_since: null,
    consecutive_failures: 0,
    last_error: null,
    last_failure_at: null,
    last_recovery_at: null,
    disabled_at: null,
    disabled_by: null,
    disabled_reason: null,
    open_until: null,
    trips: 0,
    outage_since: null,
    outage_told: 0,
  };
}

export async function readDestination(
  db: Database['reader'] | Tx,
  workspace: string,
  origin: string,
): Promise<Destination> {
  const [destination] = await readDestinations(db, workspace, [origin]);
  if (destination === undefined) throw new Error('a destination that was asked for is left out');
  return destination;
}

/** Destinations in the order of the origins given, each of which is known to be one. */
export async function readDestinations(
  db: Database['reader'] | Tx,
  workspace: string,
  origins: readonly string[],
): Promise<Destination[]> {
  const rows = new Map<string, DestinationTable>();
  for (const some of slices(origins)) {
    const found = await db
      .selectFrom('destinations')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('origin', 'in', some)
      .execute();
    for (const row of found) rows.set(row.origin, row);
  }
  const keys = groupBy(await liveSigningKeys(db, workspace, origins), ({ origin }) => origin);
  return origins.map((origin) =>
    destinationOf(rows.get(origin) ?? nothingSet(workspace, origin), keys.get(origin) ?? []),
  );
}

function destinationOf(row: DestinationTable, keys: readonly SigningKeyTable[]): Destination {
  return {
    origin: row.origin,
    settings: settingsOf(row),
    signingKeys: keys.map(signingKeyView),
    health: {
      failingSince: row.failing_since,
      consecutiveFailures: row.consecutive_failures,
      lastError: row.last_error,
      lastFailureAt: row.last_failure_at,
      lastRecoveryAt: row.last_recovery_at,
      disabled:
        row.disabled_at === null
          ? null
          : { at: row.disabled_at, by: row.disabled_by ?? '', reason: row.disabled_reason ?? '' },
      openUntil: row.open_until,
    },
    version: row.version,
    createdAt: row.created_at ?? '',
    updatedAt: row.updated_at ?? '',
    updatedBy: row.updated_by ?? '',
  };
}
