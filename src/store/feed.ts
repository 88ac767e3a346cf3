import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Severity } from '../rules/scale';
import type { Changes } from './changes';
import type { Database } from './database';
import { scorecardOf } from './scorecards';
import { groupBy, slices } from './lists';
import { stampOf } from './stamp';
import type { FeedItem, RuleFeed } from './rule-feed';
import { parseOnce } from './stored-rule';
import type { PortfolioTable, RuleTable } from './tables';

/** Rows that are read at once. */
const PAGE = 500;

/** Items that are handed on at once: parsing a rule takes some 20 µs, and nothing else goes on meanwhile. */
const CHUNK = 100;

/** Portfolios that are read at once, each with all of its scorecards. */
const PORTFOLIO_PAGE = 50;

/** Where a page of a table ends. */
type Position = [seq: number, workspace: string, id: string];

/** Reads what an index depends on, oldest change first within each kind. */
export class StoredFeed implements RuleFeed {
  constructor(
    private readonly database: Database,
    private readonly allChanges: Changes,
  ) {}

  async clock(): Promise<number> {
    const { seq } = await this.database.reader.selectFrom('clock').select('seq').executeTakeFirstOrThrow();
    return seq;
  }

  /**
   * What is changed while this reads moves beyond `end`, and is read the next time. Until all is read, `upTo` stays
   * where it was: whoever stops before begins again there, as reading something twice does no harm.
   */
  async *changes(since: number): AsyncIterable<{ items: FeedItem[]; upTo: number }> {
    const end = await this.clock();
    if (end <= since) return;
    for await (const items of this.all(since, end)) {
      yield { items, upTo: since };
      await nextTurn();
    }
    yield { items: [], upTo: end };
  }

  onLocalChange(listener: () => void): () => void {
    return this.allChanges.onCommit(listener);
  }

  private async *all(since: number, end: number): AsyncIterable<FeedItem[]> {
    const issueTypes = await this.database.reader
      .selectFrom('issue_types')
      .selectAll()
      .where('changed_seq', '>', since)
      .where('changed_seq', '<=', end)
      .execute();
    if (issueTypes.length > 0) {
      yield issueTypes.map(({ workspace, severities }) => ({
        kind: 'issue-types',
        workspace,
        severities: JSON.parse(severities) as Record<string, Severity>,
      }));
    }
    for await (const rows of pages(since, PAGE, (from) => this.scorecards(from, end))) {
      yield rows.map((row) => ({
        kind: 'scorecard',
        workspace: row.workspace,
        id: row.id,
        scorecard: row.deleted === 1 ? undefined : scorecardOf(row),
      }));
    }
    for await (const rows of pages(since, PORTFOLIO_PAGE, (from) => this.portfolios(from, end))) {
      yield await this.withScorecards(rows);
    }
    for await (const rows of pages(since, PAGE, (from) => this.rules(from, end))) {
      yield rows.map(ruleItem);
    }
  }

  private scorecards(from: Position, end: number) {
    return this.database.reader
      .selectFrom('scorecards')
      .selectAll()
      .where((eb) => eb(eb.refTuple('changed_seq', 'workspace', 'key'), '>', eb.tuple(...from)))
      .where('changed_seq', '<=', end)
      .orderBy('changed_seq')
      .orderBy('workspace')
      .orderBy('key')
      .limit(PAGE)
      .execute();
  }

  private portfolios(from: Position, end: number) {
    return this.database.reader
      .selectFrom('portfolios')
      .selectAll()
      .where((eb) => eb(eb.refTuple('changed_seq', 'workspace', 'id'), '>', eb.tuple(...from)))
      .where('changed_seq', '<=', end)
      .orderBy('changed_seq')
      .orderBy('workspace')
      .orderBy('id')
      .limit(PORTFOLIO_PAGE)
      .execute();
  }

  private rules(from: Position, end: number) {
    return this.database.reader
      .selectFrom('rules')
      .selectAll()
      .where((eb) => eb(eb.refTuple('changed_seq', 'workspace', 'id'), '>', eb.tuple(...from)))
      .where('changed_seq', '<=', end)
      .orderBy('changed_seq')
      .orderBy('workspace')
      .orderBy('id')
      .limit(PAGE)
      .execute();
  }

  private async withScorecards(rows: readonly PortfolioTable[]): Promise<FeedItem[]> {
    const scorecards = new Map<PortfolioTable, string[]>(rows.map((row) => [row, []]));
    for (const [workspace, ofWorkspace] of groupBy(rows, (row) => row.workspace)) {
      const byId = new Map(ofWorkspace.map((row) => [row.id, row]));
      const members = await this.database.reader
        .selectFrom('portfolio_scorecards')
        .innerJoin('scorecards', (join) =>
          join
            .onRef('scorecards.workspace', '=', 'portfolio_scorecards.workspace')
            .onRef('scorecards.key', '=', 'portfolio_scorecards.scorecard_key'),
        )
        .select(['portfolio_scorecards.portfolio_id', 'scorecards.id'])
        .where('portfolio_scorecards.workspace', '=', workspace)
        .where('portfolio_scorecards.portfolio_id', 'in', [...byId.keys()])
        .execute();
      for (const { portfolio_id, id } of members) {
        const row = byId.get(portfolio_id);
        if (row !== undefined) scorecards.get(row)?.push(id);
      }
    }
    return rows.map((row) => ({
      kind: 'portfolio',
      workspace: row.workspace,
      id: row.id,
      portfolio:
        row.deleted === 1 ? undefined : { id: row.id, name: row.name, scorecards: scorecards.get(row) ?? [] },
    }));
  }
}

interface FeedRow {
  changed_seq: number;
  deleted: number;
  workspace: string;
  id: string;
  key?: string;
}

/**
 * All rows of a table after a number of the clock, read page by page. Whoever reads from the start has no use for what was
 * deleted; that is left out here, as PostgreSQL would take it for a reason to sort the whole table for each page.
 */
async function* pages<Row extends FeedRow>(
  since: number,
  size: number,
  read: (from: Position) => Promise<Row[]>,
): AsyncIterable<readonly Row[]> {
  let from: Position = [since + 1, '', ''];
  for (;;) {
    const rows = await read(from);
    yield* slices(since === 0 ? rows.filter((row) => row.deleted === 0) : rows, CHUNK);
    const last = rows.at(-1);
    if (last === undefined || rows.length < size) return;
    from = [last.changed_seq, last.workspace, last.key ?? last.id];
  }
}

function ruleItem(row: RuleTable): FeedItem {
  const { workspace, id } = row;
  if (row.deleted === 1) return { kind: 'rule', workspace, id, stored: undefined };
  try {
    return { kind: 'rule', workspace, id, stored: { id, ...parseOnce(row.document), ...stampOf(row) } };
  } catch (error) {
    // It must not keep all others from being loaded.
    return { kind: 'rule', workspace, id, stored: undefined, problem: (error as Error).message };
  }
}
