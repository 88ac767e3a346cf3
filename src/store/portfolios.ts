import { groupKey } from '../rules/groups';
import type { Changes, ChangeUnderWay } from './changes';
import type { Database } from './database';
import { NotFoundError } from './errors';
import {
  findPortfolio,
  presentPortfolio,
  putMembers,
  removeMembers,
  writePortfolio,
  type MembershipChange,
} from './portfolio-writes';
import { assertUnused } from './rule-references';
import { scorecardOf } from './scorecards';
import { assertVersion, stampOf } from './stamp';
import type { Change, IfVersion, Page, Stamped } from './record';
import type { Portfolio, Portfolios, Scorecard } from './scorecard-store';
import type { PortfolioTable } from './tables';

type CountedPortfolio = Portfolio & Stamped & { scorecards: number };

/** Groups of scorecards that people put together. */
export class PortfolioRepository implements Portfolios {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  async list(workspace: string, { after, limit }: Page): Promise<CountedPortfolio[]> {
    const rows = await counted(this.database.reader)
      .where('workspace', '=', workspace)
      .where('deleted', '=', 0)
      .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(countedPortfolio);
  }

  async get(workspace: string, id: string): Promise<CountedPortfolio | undefined> {
    return getCounted(this.database.reader, workspace, id);
  }

  put(
    change: Change,
    portfolio: Portfolio,
    condition?: IfVersion,
  ): Promise<CountedPortfolio & { created: boolean }> {
    const { id, name } = portfolio;
    return this.changes.run(change, async (underWay) => {
      const row = await findPortfolio(underWay.tx, change.workspace, id);
      const there = row?.deleted === 0 ? row : undefined;
      assertVersion(`portfolio "${id}"`, there, condition);
      if (there?.name !== name) {
        const written = await writePortfolio(underWay, row, { id, name, deleted: 0 });
        const action = there === undefined ? 'portfolio.created' : 'portfolio.updated';
        underWay.audit(action, { type: 'portfolio', id }, { to: written.version });
      }
      const now = await getCounted(underWay.tx, change.workspace, id);
      if (now === undefined) throw new Error('a portfolio that was written is not there');
      return { ...now, created: there === undefined };
    });
  }

  async delete(change: Change, id: string, condition?: IfVersion): Promise<void> {
    await this.changes.run(change, async (underWay) => {
      const row = await presentPortfolio(underWay.tx, change.workspace, id);
      assertVersion(`portfolio "${id}"`, row, condition);
      await assertUnused(underWay, 'portfolio', id);
      await putMembers(underWay, id, [], { only: true });
      await writePortfolio(underWay, row, { id, name: row.name, deleted: 1 });
      underWay.audit('portfolio.deleted', { type: 'portfolio', id }, { from: row.version });
    });
  }

  async members(workspace: string, id: string, { after, limit }: Page): Promise<Scorecard[]> {
    if ((await this.get(workspace, id)) === undefined) {
      throw new NotFoundError(`there is no portfolio "${id}"`);
    }
    const rows = await this.database.reader
      .selectFrom('portfolio_scorecards')
      .innerJoin('scorecards', (join) =>
        join
          .onRef('scorecards.workspace', '=', 'portfolio_scorecards.workspace')
          .onRef('scorecards.key', '=', 'portfolio_scorecards.scorecard_key'),
      )
      .selectAll('scorecards')
      .where('portfolio_scorecards.workspace', '=', workspace)
      .where('portfolio_id', '=', id)
      .$if(after !== undefined, (query) => query.where('scorecard_key', '>', groupKey(after ?? '')))
      .orderBy('scorecard_key')
      .limit(limit)
      .execute();
    return rows.map(scorecardOf);
  }

  addMembers(change: Change, id: string, scorecards: readonly string[]): Promise<void> {
    return this.changeMembers(change, id, (underWay) =>
      putMembers(underWay, id, scorecards, { only: false }),
    );
  }

  removeMembers(change: Change, id: string, scorecards: readonly string[]): Promise<void> {
    return this.changeMembers(change, id, (underWay) => removeMembers(underWay, id, scorecards));
  }

  setMembers(
    change: Change,
    id: string,
    scorecards: readonly string[],
    condition?: IfVersion,
  ): Promise<void> {
    return this.changeMembers(
      change,
      id,
      (underWay) => putMembers(underWay, id, scorecards, { only: true }),
      condition,
    );
  }

  private async changeMembers(
    change: Change,
    id: string,
    work: (underWay: ChangeUnderWay) => Promise<MembershipChange>,
    condition?: IfVersion,
  ): Promise<void> {
    await this.changes.run(change, async (underWay) => {
      const row = await presentPortfolio(underWay.tx, change.workspace, id);
      assertVersion(`portfolio "${id}"`, row, condition);
      const { added, removed } = await work(underWay);
      if (added + removed === 0) return;
      await writePortfolio(underWay, row, { id, name: row.name, deleted: 0 });
      underWay.audit('portfolio.members_changed', { type: 'portfolio', id }, { added, removed });
    });
  }
}

type Reader = Pick<Database['reader'], 'selectFrom'>;

/** Portfolios with the number of their scorecards. */
function counted(db: Reader) {
  return db
    .selectFrom('portfolios')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('portfolio_scorecards')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('portfolio_scorecards.workspace', '=', 'portfolios.workspace')
        .whereRef('portfolio_scorecards.portfolio_id', '=', 'portfolios.id')
        .as('scorecards'),
    );
}

async function getCounted(db: Reader, workspace: string, id: string): Promise<CountedPortfolio | undefined> {
  const row = await counted(db)
    .where('workspace', '=', workspace)
    .where('id', '=', id)
    .where('deleted', '=', 0)
    .executeTakeFirst();
  return row && countedPortfolio(row);
}

function countedPortfolio(row: PortfolioTable & { scorecards: number | null }): CountedPortfolio {
  return { id: row.id, name: row.name, scorecards: row.scorecards ?? 0, ...stampOf(row) };
}
