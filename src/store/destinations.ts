import { sql } from 'kysely';
import type { DestinationSettings } from '../destinations/settings';
import type { SigningKey } from '../destinations/signing-key';
import { canonicalJson } from '../shared/canonical-json';
import { MAX_SIGNING_KEYS, PROBE_LEASE_MS } from '../shared/limits';
import type { Changes, ChangeUnderWay } from './changes';
import { whyUnusable } from './credential-fit';
import { usableCredentials } from './credential-rows';
import type { Database, Tx } from './database';
import { countDestinations } from './destination-counts';
import { InUseError, NotFoundError, UnknownReferenceError } from './errors';
import { FailureQueue } from './failure-queue';
import { insertSigningKey, liveSigningKeys } from './signing-keys';
import { assertVersion } from './stamp';
import {
  DELIVERY_ACTOR,
  disable,
  enable,
  opensUntil,
  outageOf,
  outageToldOf,
  summaryOf,
  type FailureLimits,
} from './destination-failures';
import {
  ensureDestination,
  findDestination,
  nothingSet,
  readDestination,
  readDestinations,
  settingsOf,
} from './destination-rows';
import type {
  CallFailure,
  Destination,
  Destinations,
  DestinationStanding,
  Outage,
  ToldOutage,
} from './destination-store';
import type { Change, IfVersion, Page } from './record';
import type { SigningKeyTable } from './tables';
import type { Vault } from './vault';

/** Of an error, which may quote what a receiver sent. Characters. */
const MAX_ERROR_LENGTH = 500;

/** The receivers of webhooks: how they are called, and how they are doing. */
export class DestinationRepository implements Destinations {
  private readonly failures = new FailureQueue((...batch) => this.writeFailures(...batch));

  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly vault: Vault,
    private readonly limits: FailureLimits,
  ) {}

  async list(workspace: string, { after = '', limit }: Page): Promise<Destination[]> {
    const { reader } = this.database;
    const origins = await reader
      .selectFrom(
        reader
          .selectFrom('rule_calls')
          .select('origin')
          .where('workspace', '=', workspace)
          .where('origin', '>', after)
          .union(
            reader
              .selectFrom('destinations')
              .select('origin')
              .where('workspace', '=', workspace)
              .where('origin', '>', after),
          )
          .as('known'),
      )
      .select('origin')
      .orderBy('origin')
      .limit(limit)
      .execute();
    return readDestinations(
      reader,
      workspace,
      origins.map(({ origin }) => origin),
    );
  }

  async get(workspace: string, origin: string): Promise<Destination | undefined> {
    const { reader } = this.database;
    const isCalled = await reader
      .selectFrom('rule_calls')
      .select('step')
      .where('workspace', '=', workspace)
      .where('origin', '=', origin)
      .limit(1)
      .executeTakeFirst();
    if (isCalled === undefined && (await findDestination(reader, workspace, origin)) === undefined)
      return undefined;
    return readDestination(reader, workspace, origin);
  }

  countByStanding(): Promise<Partial<Record<DestinationStanding, number>>> {
    return countDestinations(this.database.reader, new Date().toISOString());
  }

  putSettings(
    change: Change,
    origin: string,
    settings: DestinationSettings,
    condition?: IfVersion,
  ): Promise<Destination & { created: boolean }> {
    return this.changes.run(change, async (underWay) => {
      const { tx, workspace, at, actor } = underWay;
      const row = await findDestination(tx, workspace, origin);
      const version = row?.version ?? 0;
      assertVersion(`destination ${origin}`, version === 0 ? undefined : { version }, condition);
      await assertCredentials(underWay, origin, settings);
      const isSame = version > 0 && canonicalJson(settingsOf(row)) === canonicalJson(settings);
      if (!isSame) {
        await ensureDestination(tx, workspace, origin);
        await tx
          .updateTable('destinations')
          .set({
            auth: settings.auth,
            tls: settings.tls,
            limits: JSON.stringify(settings.limits),
            version: version + 1,
            created_at: row?.created_at ?? at,
            updated_at: at,
            updated_by: actor,
          })
          .where('workspace', '=', workspace)
          .where('origin', '=', origin)
          .execute();
        underWay.audit('destination.updated', { type: 'destination', id: origin }, { to: version + 1 });
      }
      return { ...(await readDestination(tx, workspace, origin)), created: version === 0 };
    });
  }

  rotateSigningKey(change: Change, origin: string, key: SigningKey, overlapMs: number): Promise<Destination> {
    return this.changes.run(change, async (underWay) => {
      const { tx, workspace } = underWay;
      const signsUntil = new Date(Date.parse(underWay.at) + overlapMs).toISOString();
      const before = await liveSigningKeys(tx, workspace, [origin]);
      const staying = before.filter(({ shown }) => shown === 1 && overlapMs > 0);
      if (staying.length >= MAX_SIGNING_KEYS) {
        throw new InUseError(
          `${staying.length} keys sign calls to ${origin} at once: revoke one of them first`,
        );
      }
      await deleteKeysExcept(tx, workspace, origin, staying);
      await tx
        .updateTable('signing_keys')
        .set({ signs_until: signsUntil })
        .where('workspace', '=', workspace)
        .where('origin', '=', origin)
        .where((eb) => eb.or([eb('signs_until', 'is', null), eb('signs_until', '>', signsUntil)]))
        .execute();
      await ensureDestination(tx, workspace, origin);
      await insertSigningKey(underWay, this.vault, origin, key, { shown: true });
      const details = { key: key.id, algorithm: key.algorithm, overlap_ms: overlapMs };
      underWay.audit('signing_key.rotated', { type: 'destination', id: origin }, details);
      return readDestination(tx, workspace, origin);
    });
  }

  revokeSigningKey(change: Change, origin: string, id: string): Promise<Destination> {
    return this.changes.run(change, async (underWay) => {
      const { tx, workspace } = underWay;
      const live = await liveSigningKeys(tx, workspace, [origin]);
      const key = live.find((each) => each.id === id);
      if (key === undefined) throw new NotFoundError(`there is no key "${id}" that signs calls to ${origin}`);
      if (key.signs_until === null) {
        throw new InUseError(`key "${id}" is the newest: rotate without an overlap to end it at once`);
      }
      await deleteKeysExcept(
        tx,
        workspace,
        origin,
        live.filter((each) => each !== key),
      );
      underWay.audit('signing_key.revoked', { type: 'destination', id: origin }, { key: id });
      return readDestination(tx, workspace, origin);
    });
  }

  setDisabled(change: Change, origin: string, disabled: { reason: string } | null): Promise<Destination> {
    return this.changes.run(change, async (underWay) => {
      const { tx, workspace } = underWay;
      if ((await this.get(workspace, origin)) === undefined) {
        throw new NotFoundError(`there is no destination ${origin}`);
      }
      await ensureDestination(tx, workspace, origin);
      await (disabled === null ? enable(underWay, origin) : disable(underWay, origin, disabled.reason));
      return readDestination(tx, workspace, origin);
    });
  }

  recordFailure(workspace: string, origin: string, failure: CallFailure): Promise<Outage | undefined> {
    return this.failures.add(workspace, origin, failure);
  }

  private async writeFailures(
    workspace: string,
    origin: string,
    failures: readonly CallFailure[],
  ): Promise<Outage | undefined> {
    const { since, last } = summaryOf(failures);
    const { at } = last;
    // PostgreSQL's texts cannot hold a NUL.
    const error = last.error.replaceAll('\0', '').slice(0, MAX_ERROR_LENGTH);
    return this.database.transaction(async (tx) => {
      const row = await tx
        .insertInto('destinations')
        .values({
          ...nothingSet(workspace, origin),
          failing_since: since,
          consecutive_failures: failures.length,
          last_error: error,
          last_failure_at: at,
        })
        .onConflict((conflict) =>
          conflict.columns(['workspace', 'origin']).doUpdateSet((eb) => ({
            failing_since: eb.fn.coalesce('destinations.failing_since', 'excluded.failing_since'),
            consecutive_failures: eb('destinations.consecutive_failures', '+', failures.length),
            last_error: error,
            last_failure_at: at,
          })),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
      const openUntil = opensUntil(row, last, this.limits);
      if (openUntil !== undefined) {
        await tx
          .updateTable('destinations')
          .set({ open_until: openUntil, trips: row.trips + 1 })
          .where('workspace', '=', workspace)
          .where('origin', '=', origin)
          .execute();
      }
      return row.disabled_at === null ? outageOf(row, last, this.limits) : undefined;
    });
  }

  async disable(workspace: string, origin: string, reason: string): Promise<boolean> {
    return this.changes.run({ workspace, actor: DELIVERY_ACTOR }, (underWay) =>
      disable(underWay, origin, reason),
    );
  }

  async rulesCalling(workspace: string, origin: string): Promise<string[]> {
    const rows = await this.database.reader
      .selectFrom('rule_calls')
      .select('rule_id')
      .distinct()
      .where('workspace', '=', workspace)
      .where('origin', '=', origin)
      .orderBy('rule_id')
      .execute();
    return rows.map(({ rule_id: id }) => id);
  }

  async claimProbe(workspace: string, origin: string, openUntil: string): Promise<boolean> {
    const { numUpdatedRows } = await this.database.transaction((tx) =>
      tx
        .updateTable('destinations')
        .set({ open_until: new Date(Date.now() + PROBE_LEASE_MS).toISOString() })
        .where('workspace', '=', workspace)
        .where('origin', '=', origin)
        .where('open_until', '=', openUntil)
        .executeTakeFirstOrThrow(),
    );
    return numUpdatedRows > 0n;
  }

  async outageTold(workspace: string, origin: string): Promise<ToldOutage | undefined> {
    const { reader } = this.database;
    const destination = await findDestination(reader, workspace, origin);
    return destination && outageToldOf(reader, destination);
  }

  async recordSuccess(workspace: string, origin: string, at: string): Promise<void> {
    const destination = await findDestination(this.database.reader, workspace, origin);
    if (destination?.failing_since == null && destination?.outage_since == null) return;
    await this.database.transaction((tx) =>
      tx
        .updateTable('destinations')
        .set({
          failing_since: null,
          consecutive_failures: 0,
          last_recovery_at: at,
          open_until: null,
          trips: 0,
          // Of one that is disabled, it is for the first call after that to say whether it works.
          outage_since: sql<string>`case when disabled_at is null then null
            else coalesce(outage_since, failing_since) end`,
          outage_told: sql<number>`case when disabled_at is null then 0 else outage_told end`,
        })
        .where('workspace', '=', workspace)
        .where('origin', '=', origin)
        .where((eb) => eb.or([eb('failing_since', 'is not', null), eb('outage_since', 'is not', null)]))
        .execute(),
    );
  }
}

/** @throws UnknownReferenceError */
async function assertCredentials(
  { tx, workspace }: ChangeUnderWay,
  origin: string,
  settings: DestinationSettings,
): Promise<void> {
  const known = await usableCredentials(
    tx,
    workspace,
    [settings.auth, settings.tls].filter((id) => id !== null),
  );
  for (const use of ['auth', 'tls'] as const) {
    const id = settings[use];
    const reason = id === null ? undefined : whyUnusable(id, known.get(id), use, origin);
    if (reason !== undefined) throw new UnknownReferenceError(use, reason);
  }
}

/** Deletes all keys of an origin but these, also those that have ended by themselves. */
async function deleteKeysExcept(
  tx: Tx,
  workspace: string,
  origin: string,
  staying: readonly SigningKeyTable[],
): Promise<void> {
  const ids = staying.map(({ id }) => id);
  await tx
    .deleteFrom('signing_keys')
    .where('workspace', '=', workspace)
    .where('origin', '=', origin)
    .$if(ids.length > 0, (query) => query.where('id', 'not in', ids))
    .execute();
}
