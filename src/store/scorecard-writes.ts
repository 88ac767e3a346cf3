import { setImmediate as nextTurn } from 'node:timers/promises';
import { groupKey } from '../rules/groups';
import type { ChangeUnderWay } from './changes';
import type { Tx } from './database';
import { slices } from './lists';
import { nextStamp } from './stamp';
import type { Scorecard } from './scorecard-store';
import type { ScorecardTable } from './tables';

/** Labels of letters, digits, "_" and "-", with a dot between them. */
const HOST_NAME = /^(?=.{1,253}$)[\p{L}\p{M}\p{N}_-]{1,63}(\.[\p{L}\p{M}\p{N}_-]{1,63})+$/u;

/** What is said of a scorecard; what is absent stays as it is. */
export type ScorecardInput = Pick<Scorecard, 'id'> & Partial<Scorecard>;

export interface ScorecardCounts {
  created: number;
  updated: number;
  unchanged: number;
}

/** A scorecard as lists name it, by its domain or its id: what looks like a host name is taken for both. */
export function scorecardNamed(domainOrId: string): Scorecard {
  const id = domainOrId.trim();
  return { id, domain: HOST_NAME.test(id) ? id.toLowerCase() : null, mine: false, followed: false };
}

/** Rows by key, also of deleted scorecards. */
export async function findScorecards(
  tx: Tx,
  workspace: string,
  keys: readonly string[],
): Promise<Map<string, ScorecardTable>> {
  const found = new Map<string, ScorecardTable>();
  for (const some of slices(keys)) {
    const rows = await tx
      .selectFrom('scorecards')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('key', 'in', some)
      .execute();
    for (const row of rows) found.set(row.key, row);
    await nextTurn();
  }
  return found;
}

/** The keys of those scorecards that are known by these ids or domains: of two, the one that has it as its id. */
export async function resolveNames(
  tx: Tx,
  workspace: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  const keyOf = new Map<string, string>();
  for (const some of slices([...new Set(names.map(groupKey))])) {
    const rows = await tx
      .selectFrom('scorecards')
      .select(['key', 'domain_key'])
      .where('workspace', '=', workspace)
      .where('deleted', '=', 0)
      .where((eb) => eb.or([eb('key', 'in', some), eb('domain_key', 'in', some)]))
      .orderBy('key')
      .execute();
    const asked = new Set(some);
    for (const { domain_key: domain, key } of rows) {
      if (domain !== null && asked.has(domain) && !keyOf.has(domain)) keyOf.set(domain, key);
    }
    for (const { key } of rows) if (asked.has(key)) keyOf.set(key, key);
    await nextTurn();
  }
  return keyOf;
}

/** Creates or changes many scorecards, without entries in the audit log. Of one that is named twice, the later counts. */
export async function writeScorecards(
  underWay: ChangeUnderWay,
  inputs: readonly ScorecardInput[],
): Promise<ScorecardCounts> {
  const byKey = new Map<string, ScorecardInput>();
  for (const input of inputs) {
    const before = byKey.get(groupKey(input.id));
    byKey.set(groupKey(input.id), { ...before, ...input, id: before?.id ?? input.id });
  }
  const counts: ScorecardCounts = { created: 0, updated: 0, unchanged: 0 };
  for (const some of slices([...byKey])) {
    const rows = await findScorecards(
      underWay.tx,
      underWay.workspace,
      some.map(([key]) => key),
    );
    const changed: ScorecardTable[] = [];
    for (const [key, input] of some) {
      const row = rows.get(key);
      const written = changedRow(underWay, row, input);
      if (written !== undefined) changed.push(written);
      counts[written === undefined ? 'unchanged' : isThere(row) ? 'updated' : 'created'] += 1;
    }
    await saveScorecards(underWay.tx, changed);
    await nextTurn();
  }
  return counts;
}

/** @returns the row as it shall be; undefined when it is so already */
export function changedRow(
  underWay: ChangeUnderWay,
  row: ScorecardTable | undefined,
  input: ScorecardInput,
): ScorecardTable | undefined {
  const before = isThere(row) ? row : undefined;
  const domain = input.domain === undefined ? (before?.domain ?? null) : input.domain;
  const mine = input.mine === undefined ? (before?.mine ?? 0) : Number(input.mine);
  const followed = input.followed === undefined ? (before?.followed ?? 0) : Number(input.followed);
  if (before?.domain === domain && before.mine === mine && before.followed === followed) return undefined;
  return {
    workspace: underWay.workspace,
    key: groupKey(input.id),
    // The first way in which it was written stays.
    id: before?.id ?? input.id.trim(),
    domain,
    domain_key: domain === null ? null : groupKey(domain),
    mine,
    followed,
    ...nextStamp(underWay, row, { again: before === undefined }),
    changed_seq: underWay.seq,
    deleted: 0,
  };
}

export async function saveScorecards(tx: Tx, rows: readonly ScorecardTable[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('scorecards')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.columns(['workspace', 'key']).doUpdateSet((eb) => ({
        id: eb.ref('excluded.id'),
        domain: eb.ref('excluded.domain'),
        domain_key: eb.ref('excluded.domain_key'),
        mine: eb.ref('excluded.mine'),
        followed: eb.ref('excluded.followed'),
        version: eb.ref('excluded.version'),
        created_at: eb.ref('excluded.created_at'),
        updated_at: eb.ref('excluded.updated_at'),
        updated_by: eb.ref('excluded.updated_by'),
        changed_seq: eb.ref('excluded.changed_seq'),
        deleted: eb.ref('excluded.deleted'),
      })),
    )
    .execute();
}

export function isThere(row: ScorecardTable | undefined): row is ScorecardTable {
  return row?.deleted === 0;
}
