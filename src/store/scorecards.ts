import { groupKey } from '../rules/groups';
import type { Changes } from './changes';
import type { Database } from './database';
import { NotFoundError } from './errors';
import { removeFromPortfolios } from './portfolio-writes';
import { changedRow, findScorecards, isThere, saveScorecards, writeScorecards } from './scorecard-writes';
import type { ScorecardCounts, ScorecardInput } from './scorecard-writes';
import { assertVersion, nextStamp, stampOf } from './stamp';
import type { Change, IfVersion, Page, Stamped } from './record';
import type { Scorecard, Scorecards } from './scorecard-store';
import type { ScorecardTable } from './tables';

/** The scorecards of which a workspace knows. */
export class ScorecardRepository implements Scorecards {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  async list(
    workspace: string,
    page: Page & { mine?: boolean | undefined; followed?: boolean | undefined; domain?: string | undefined },
  ): Promise<(Scorecard & Stamped)[]> {
    const { after, mine, followed, domain } = page;
    const rows = await this.database.reader
      .selectFrom('scorecards')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('deleted', '=', 0)
      .$if(after !== undefined, (query) => query.where('key', '>', groupKey(after ?? '')))
      .$if(mine !== undefined, (query) => query.where('mine', '=', Number(mine)))
      .$if(followed !== undefined, (query) => query.where('followed', '=', Number(followed)))
      .$if(domain !== undefined, (query) => query.where('domain_key', '=', groupKey(domain ?? '')))
      .orderBy('key')
      .limit(page.limit)
      .execute();
    return rows.map(stampedScorecard);
  }

  async get(workspace: string, id: string): Promise<(Scorecard & Stamped) | undefined> {
    const row = await this.database.reader
      .selectFrom('scorecards')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('key', '=', groupKey(id))
      .where('deleted', '=', 0)
      .executeTakeFirst();
    return row && stampedScorecard(row);
  }

  put(
    change: Change,
    scorecard: Scorecard,
    condition?: IfVersion,
  ): Promise<Scorecard & Stamped & { created: boolean }> {
    return this.changes.run(change, async (underWay) => {
      const key = groupKey(scorecard.id);
      const row = (await findScorecards(underWay.tx, change.workspace, [key])).get(key);
      const there = isThere(row) ? row : undefined;
      assertVersion(`scorecard "${scorecard.id}"`, there, condition);
      const written = changedRow(underWay, row, scorecard);
      if (written !== undefined) {
        await saveScorecards(underWay.tx, [written]);
        const action = there === undefined ? 'scorecard.created' : 'scorecard.updated';
        underWay.audit(action, { type: 'scorecard', id: written.id }, { to: written.version });
      }
      const now = written ?? there;
      if (now === undefined) throw new Error('a scorecard that was not there is not unchanged');
      return { ...stampedScorecard(now), created: there === undefined };
    });
  }

  import(change: Change, scorecards: ScorecardInput[]): Promise<ScorecardCounts> {
    return this.changes.run(change, async (underWay) => {
      const counts = await writeScorecards(underWay, scorecards);
      const subject = { type: 'scorecards', id: 'import' };
      if (counts.created + counts.updated > 0) {
        underWay.audit('scorecards.imported', subject, { ...counts });
      }
      return counts;
    });
  }

  async delete(change: Change, id: string, condition?: IfVersion): Promise<void> {
    await this.changes.run(change, async (underWay) => {
      const key = groupKey(id);
      const row = (await findScorecards(underWay.tx, change.workspace, [key])).get(key);
      if (!isThere(row)) throw new NotFoundError(`there is no scorecard "${id}"`);
      assertVersion(`scorecard "${id}"`, row, condition);
      await removeFromPortfolios(underWay, key);
      const stamp = nextStamp(underWay, row);
      await saveScorecards(underWay.tx, [{ ...row, ...stamp, changed_seq: underWay.seq, deleted: 1 }]);
      underWay.audit('scorecard.deleted', { type: 'scorecard', id: row.id }, { from: row.version });
    });
  }
}

export function scorecardOf(row: ScorecardTable): Scorecard {
  return { id: row.id, domain: row.domain, mine: row.mine === 1, followed: row.followed === 1 };
}

function stampedScorecard(row: ScorecardTable): Scorecard & Stamped {
  return { ...scorecardOf(row), ...stampOf(row) };
}
