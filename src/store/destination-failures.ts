import { sql } from 'kysely';
import { coolDown } from '../destinations/circuit-breaker';
import { PROBE_LEASE_MS } from '../shared/limits';
import type { ChangeUnderWay } from './changes';
import type { Database } from './database';
import type { CallFailure, Outage, ToldOutage } from './destination-store';
import type { DestinationTable } from './tables';

/** In the audit log, for what is done because of a call. */
export const DELIVERY_ACTOR = 'delivery';

/** After which failures calls are held. */
export interface FailureLimits {
  /** Failed calls, one after the other, after which the circuit breaker opens. 0: never. */
  breakerFailures: number;
  /** For how long calls fail, and none goes well, before a destination is disabled. Milliseconds. 0: never. */
  disableAfterMs: number;
}

/** What failures of the same moment come to, at least one: the first one's time, and the last one, which says what any of them did. */
export function summaryOf(failures: readonly CallFailure[]): { since: string; last: CallFailure } {
  const inOrder = failures.toSorted((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)));
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  if (first === undefined || last === undefined) throw new Error('there is no failure');
  const gone = inOrder.find(({ isGone }) => isGone);
  return {
    since: first.at,
    last: {
      at: last.at,
      // What a host answered that is gone is why it is disabled.
      error: (gone ?? last).error,
      isDown: inOrder.some(({ isDown }) => isDown),
      isGone: gone !== undefined,
    },
  };
}

/** Until when the breaker is open after a failure; undefined: as it was. @param row with the failure counted */
export function opensUntil(
  { consecutive_failures, open_until, trips }: DestinationTable,
  { at, isDown }: CallFailure,
  { breakerFailures }: FailureLimits,
): string | undefined {
  if (!isDown || breakerFailures === 0 || consecutive_failures < breakerFailures) return undefined;
  const now = Math.max(Date.now(), Date.parse(at));
  // Calls that were under way when it opened do not open it for longer. They end before it is as near to its end as a
  // call that sees whether the host is back finds it.
  const isProbe = trips > 0 && open_until !== null && Date.parse(open_until) - now <= PROBE_LEASE_MS;
  if (open_until !== null && Date.parse(open_until) > now && !isProbe) return undefined;
  return new Date(now + coolDown(trips)).toISOString();
}

/** The outage for which a destination is to be disabled after a failure; undefined: it is not. */
export function outageOf(
  { failing_since }: DestinationTable,
  { at, error, isGone }: CallFailure,
  { disableAfterMs }: FailureLimits,
): Outage | undefined {
  const failingSince = failing_since ?? at;
  if (isGone) return { failingSince, reason: `it answered ${error}` };
  const failingFor = Date.parse(at) - Date.parse(failingSince);
  if (disableAfterMs === 0 || failingFor < disableAfterMs) return undefined;
  return { failingSince, reason: `every call failed, at last with ${error}` };
}

/** Disables a destination. @returns false when it is disabled already */
export async function disable(underWay: ChangeUnderWay, origin: string, reason: string): Promise<boolean> {
  const { tx, workspace, at, actor } = underWay;
  const { numUpdatedRows } = await tx
    .updateTable('destinations')
    .set({ disabled_at: at, disabled_by: actor, disabled_reason: reason })
    .where('workspace', '=', workspace)
    .where('origin', '=', origin)
    .where('disabled_at', 'is', null)
    .executeTakeFirstOrThrow();
  const isNew = numUpdatedRows > 0n;
  if (isNew) underWay.audit('destination.disabled', { type: 'destination', id: origin }, { reason });
  return isNew;
}

/** Enables it again, as if it had never failed. */
export async function enable(underWay: ChangeUnderWay, origin: string): Promise<void> {
  const { tx, workspace } = underWay;
  const { numUpdatedRows } = await tx
    .updateTable('destinations')
    .set({
      disabled_at: null,
      disabled_by: null,
      disabled_reason: null,
      open_until: null,
      trips: 0,
      failing_since: null,
      consecutive_failures: 0,
      // Whether it works again is seen by the next call.
      outage_since: sql<string>`coalesce(outage_since, failing_since, disabled_at)`,
      outage_told: sql<number>`case when disabled_by = ${DELIVERY_ACTOR} then 1 else outage_told end`,
    })
    .where('workspace', '=', workspace)
    .where('origin', '=', origin)
    .where('disabled_at', 'is not', null)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) underWay.audit('destination.enabled', { type: 'destination', id: origin });
}

/** Of a destination that works again: the outage that people were told of, if they were. */
export async function outageToldOf(
  db: Database['reader'],
  { workspace, origin, outage_since, failing_since, outage_told, disabled_at }: DestinationTable,
): Promise<ToldOutage | undefined> {
  const failingSince = outage_since ?? failing_since;
  // While it is disabled, nobody calls it: an answer that comes late is no recovery.
  if (failingSince === null || disabled_at !== null) return undefined;
  const wasDisabled = outage_told === 1;
  const escalated = await db
    .selectFrom('escalations')
    .select('execution_id')
    .where('workspace', '=', workspace)
    .where('origin', '=', origin)
    .where('at', '>=', failingSince)
    .limit(1)
    .executeTakeFirst();
  return wasDisabled || escalated !== undefined ? { failingSince, wasDisabled } : undefined;
}
