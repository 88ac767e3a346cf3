import type { JsonObject } from '../shared/json';
import type { Changes, ChangeUnderWay } from './changes';
import type { Database } from './database';
import { AlreadyExistsError, NotFoundError } from './errors';

import { findRules, markRuleDeleted, saysTheSame, writeRules, type RuleWrite } from './rule-writes';
import { assertVersion, stampOf } from './stamp';
import type { Change, IfVersion, Page } from './record';
import type { Rules, RuleVersion, StoredRule } from './rule-store';
import { parseDocument } from './stored-rule';
import type { RuleTable } from './tables';

/** Versions that are asked for in one query. */
const VERSIONS_AT_ONCE = 100;

/** The rules that people edit, with every version that they had. */
export class RuleRepository implements Rules {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  async list(workspace: string, { after, limit }: Page): Promise<StoredRule[]> {
    const rows = await this.database.reader
      .selectFrom('rules')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('deleted', '=', 0)
      .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(storedRule);
  }

  async get(workspace: string, id: string): Promise<StoredRule | undefined> {
    const row = await this.database.reader
      .selectFrom('rules')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('id', '=', id)
      .where('deleted', '=', 0)
      .executeTakeFirst();
    return row && storedRule(row);
  }

  create(change: Change, document: JsonObject): Promise<StoredRule> {
    const id = idOf(document);
    return this.changes.run(change, async (underWay) => {
      const row = await find(underWay, id);
      if (row?.deleted === 0) throw new AlreadyExistsError(`there is a rule "${id}" already`);
      return write(underWay, { row, id, document });
    });
  }

  replace(change: Change, id: string, document: JsonObject, condition?: IfVersion): Promise<StoredRule> {
    if (idOf(document) !== id) throw new TypeError(`the document is that of another rule than "${id}"`);
    return this.changes.run(change, async (underWay) => {
      const row = await present(underWay, id);
      assertVersion(`rule "${id}"`, row, condition);
      return saysTheSame(row, document) ? storedRule(row) : write(underWay, { row, id, document });
    });
  }

  setPaused(change: Change, id: string, pausedAt: string | null, condition?: IfVersion): Promise<StoredRule> {
    return this.changes.run(change, async (underWay) => {
      const row = await present(underWay, id);
      assertVersion(`rule "${id}"`, row, condition);
      const { paused_at: paused = null, ...document } = JSON.parse(row.document) as JsonObject;
      if ((paused === null) === (pausedAt === null)) return storedRule(row);
      return pausedAt === null
        ? write(underWay, { row, id, document, did: 'rule.resumed' })
        : write(underWay, { row, id, document: { ...document, paused_at: pausedAt }, did: 'rule.paused' });
    });
  }

  async delete(change: Change, id: string, condition?: IfVersion): Promise<void> {
    await this.changes.run(change, async (underWay) => {
      const row = await present(underWay, id);
      assertVersion(`rule "${id}"`, row, condition);
      await markRuleDeleted(underWay, row);
    });
  }

  async versions(
    workspace: string,
    id: string,
    { before, limit }: { before?: number | undefined; limit: number },
  ): Promise<RuleVersion[]> {
    const rows = await this.database.reader
      .selectFrom('rule_versions')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('rule_id', '=', id)
      .$if(before !== undefined, (query) => query.where('version', '<', before ?? 0))
      .orderBy('version', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      version: row.version,
      action: row.action,
      document: JSON.parse(row.document) as JsonObject,
      changedAt: row.changed_at,
      changedBy: row.changed_by,
    }));
  }

  async atVersions(
    workspace: string,
    wanted: readonly { id: string; version: number }[],
  ): Promise<StoredRule[]> {
    const found: StoredRule[] = [];
    for (let start = 0; start < wanted.length; start += VERSIONS_AT_ONCE) {
      const some = wanted.slice(start, start + VERSIONS_AT_ONCE);
      const rows = await this.database.reader
        .selectFrom('rule_versions')
        .selectAll()
        .where('workspace', '=', workspace)
        .where('action', '!=', 'deleted')
        .where((eb) =>
          eb.or(some.map(({ id, version }) => eb.and([eb('rule_id', '=', id), eb('version', '=', version)]))),
        )
        .execute();
      found.push(
        ...rows.map((row) => ({
          id: row.rule_id,
          ...parseDocument(row.document),
          version: row.version,
          createdAt: row.created_at,
          updatedAt: row.changed_at,
          updatedBy: row.changed_by,
        })),
      );
    }
    return found;
  }
}

export function storedRule(row: RuleTable): StoredRule {
  return { id: row.id, ...parseDocument(row.document), ...stampOf(row) };
}

/** A rule's row, also of a deleted rule. */
async function find({ tx, workspace }: ChangeUnderWay, id: string): Promise<RuleTable | undefined> {
  return (await findRules(tx, workspace, [id])).get(id);
}

/** @throws NotFoundError */
async function present(underWay: ChangeUnderWay, id: string): Promise<RuleTable> {
  const row = await find(underWay, id);
  if (row === undefined || row.deleted === 1) throw new NotFoundError(`there is no rule "${id}"`);
  return row;
}

async function write(underWay: ChangeUnderWay, rule: RuleWrite): Promise<StoredRule> {
  const [stored] = await writeRules(underWay, [rule]);
  if (stored === undefined) throw new Error('a rule that was written is not there');
  return stored;
}

function idOf({ id }: JsonObject): string {
  if (typeof id !== 'string') throw new TypeError('the document of a rule has no id');
  return id;
}
