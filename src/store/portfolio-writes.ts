import { groupKey } from '../rules/groups';
import type { ChangeUnderWay } from './changes';
import type { Tx } from './database';
import { NotFoundError } from './errors';
import { resolveNames, scorecardNamed, writeScorecards } from './scorecard-writes';
import { slices } from './lists';
import { nextStamp } from './stamp';
import type { PortfolioTable } from './tables';

/** A portfolio's row, also of a deleted one. */
export function findPortfolio(tx: Tx, workspace: string, id: string): Promise<PortfolioTable | undefined> {
  return tx
    .selectFrom('portfolios')
    .selectAll()
    .where('workspace', '=', workspace)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** @throws NotFoundError */
export async function presentPortfolio(tx: Tx, workspace: string, id: string): Promise<PortfolioTable> {
  const row = await findPortfolio(tx, workspace, id);
  if (row === undefined || row.deleted === 1) throw new NotFoundError(`there is no portfolio "${id}"`);
  return row;
}

/** Writes a portfolio's next version. @param row as `findPortfolio` found it */
export async function writePortfolio(
  underWay: ChangeUnderWay,
  row: PortfolioTable | undefined,
  portfolio: { id: string; name: string | null; deleted: 0 | 1 },
): Promise<PortfolioTable> {
  const written: PortfolioTable = {
    workspace: underWay.workspace,
    ...portfolio,
    ...nextStamp(underWay, row, { again: row?.deleted === 1 }),
    changed_seq: underWay.seq,
  };
  await underWay.tx
    .insertInto('portfolios')
    .values(written)
    .onConflict((conflict) => conflict.columns(['workspace', 'id']).doUpdateSet(written))
    .execute();
  return written;
}

/** What became of a portfolio's scorecards. */
export interface MembershipChange {
  added: number;
  removed: number;
}

/**
 * Puts scorecards into a portfolio, creating those that are not known. The portfolio's own row is left to the caller.
 *
 * @param names ids or domains
 * @param options `only`: takes all others out
 */
export async function putMembers(
  underWay: ChangeUnderWay,
  portfolioId: string,
  names: readonly string[],
  options: { only: boolean },
): Promise<MembershipChange> {
  const wanted = await ensureScorecards(underWay, names);
  const before = await memberKeys(underWay, portfolioId);
  const added = [...wanted].filter((key) => !before.has(key));
  const removed = options.only ? [...before].filter((key) => !wanted.has(key)) : [];
  for (const some of slices(added)) {
    await underWay.tx
      .insertInto('portfolio_scorecards')
      .values(
        some.map((key) => ({
          workspace: underWay.workspace,
          portfolio_id: portfolioId,
          scorecard_key: key,
        })),
      )
      .execute();
  }
  await takeOut(underWay, portfolioId, removed);
  return { added: added.length, removed: removed.length };
}

/** Takes scorecards out of a portfolio; those that are not in it are passed over. @param names ids or domains */
export async function removeMembers(
  underWay: ChangeUnderWay,
  portfolioId: string,
  names: readonly string[],
): Promise<MembershipChange> {
  const keys = new Set((await resolveNames(underWay.tx, underWay.workspace, names)).values());
  const before = await memberKeys(underWay, portfolioId);
  const removed = [...keys].filter((key) => before.has(key));
  await takeOut(underWay, portfolioId, removed);
  return { added: 0, removed: removed.length };
}

/** Takes a scorecard out of every portfolio. */
export async function removeFromPortfolios(underWay: ChangeUnderWay, key: string): Promise<void> {
  const { tx, workspace } = underWay;
  const holding = await tx
    .selectFrom('portfolio_scorecards')
    .innerJoin('portfolios', (join) =>
      join
        .onRef('portfolios.workspace', '=', 'portfolio_scorecards.workspace')
        .onRef('portfolios.id', '=', 'portfolio_scorecards.portfolio_id'),
    )
    .selectAll('portfolios')
    .where('portfolio_scorecards.workspace', '=', workspace)
    .where('portfolio_scorecards.scorecard_key', '=', key)
    .execute();
  await tx
    .deleteFrom('portfolio_scorecards')
    .where('workspace', '=', workspace)
    .where('scorecard_key', '=', key)
    .execute();
  for (const row of holding) await writePortfolio(underWay, row, { id: row.id, name: row.name, deleted: 0 });
}

/** The keys of scorecards by their names; what no name is known for is created. */
export async function ensureScorecards(
  underWay: ChangeUnderWay,
  names: readonly string[],
): Promise<Set<string>> {
  const known = await resolveNames(underWay.tx, underWay.workspace, names);
  const unknown = names.filter((name) => !known.has(groupKey(name)));
  await writeScorecards(underWay, unknown.map(scorecardNamed));
  return new Set([...known.values(), ...unknown.map(groupKey)]);
}

async function memberKeys({ tx, workspace }: ChangeUnderWay, portfolioId: string): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('portfolio_scorecards')
    .select('scorecard_key')
    .where('workspace', '=', workspace)
    .where('portfolio_id', '=', portfolioId)
    .execute();
  return new Set(rows.map((row) => row.scorecard_key));
}

async function takeOut(
  { tx, workspace }: ChangeUnderWay,
  portfolioId: string,
  keys: string[],
): Promise<void> {
  for (const some of slices(keys)) {
    await tx
      .deleteFrom('portfolio_scorecards')
      .where('workspace', '=', workspace)
      .where('portfolio_id', '=', portfolioId)
      .where('scorecard_key', 'in', some)
      .execute();
  }
}
