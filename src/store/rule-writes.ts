import { setImmediate as nextTurn } from 'node:timers/promises';
import { canonicalJson } from '../shared/canonical-json';
import type { JsonObject } from '../shared/json';
import type { ChangeUnderWay } from './changes';
import type { Tx } from './database';
import { callsOf, deleteRuleCalls, writeRuleCalls } from './rule-calls';
import { deleteRuleNotices, writeRuleNotices } from './rule-notices';
import { assertReferences } from './rule-references';
import { slices } from './lists';
import { nextStamp, stampOf } from './stamp';
import type { StoredRule } from './rule-store';
import { parseOnce, referencesOf } from './stored-rule';
import type { RuleTable } from './tables';

/** Rules that one statement writes: the process does other things between two. */
const RULES_AT_ONCE = 50;

/** A rule to be given its next version. */
export interface RuleWrite {
  /** As `findRules` found it. */
  row: RuleTable | undefined;
  id: string;
  /** Valid, and not what the row says. */
  document: JsonObject;
  /** For the audit log, when it is more than `rule.created` or `rule.updated`. */
  did?: string;
  /** Where the rule stands in the whole document, with a dot at its end, for the path of an error. */
  at?: string;
}

/** The rows of rules by their ids, also of deleted ones. */
export async function findRules(
  tx: Tx,
  workspace: string,
  ids: readonly string[],
): Promise<Map<string, RuleTable>> {
  const found = new Map<string, RuleTable>();
  for (const some of slices(ids)) {
    const rows = await tx
      .selectFrom('rules')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('id', 'in', some)
      .execute();
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}

/** Whether a rule's row already says what a document says, whatever the order of its keys. */
export function saysTheSame(row: RuleTable, document: JsonObject): boolean {
  return canonicalJson(JSON.parse(row.document)) === canonicalJson(document);
}

/** Creates rules, or gives them their next version. @throws UnknownReferenceError */
export async function writeRules(
  underWay: ChangeUnderWay,
  writes: readonly RuleWrite[],
): Promise<StoredRule[]> {
  const stored: StoredRule[] = [];
  for (const some of slices(writes, RULES_AT_ONCE)) {
    const parsed = some.map((write) => {
      const text = JSON.stringify(write.document);
      const { rule } = parseOnce(text);
      return { ...write, text, rule, calls: callsOf(rule) };
    });
    await assertReferences(underWay, parsed);
    const saved: SavedRule[] = [];
    for (const { row, id, document, did, text, rule } of parsed) {
      const { portfolioId, memberId } = referencesOf(document);
      const isNew = row === undefined || row.deleted === 1;
      const written: RuleTable = {
        workspace: underWay.workspace,
        id,
        document: text,
        portfolio_id: portfolioId,
        member_id: memberId,
        ...nextStamp(underWay, row, { again: isNew }),
        changed_seq: underWay.seq,
        deleted: 0,
      };
      saved.push({ row: written, action: isNew ? 'created' : 'updated' });
      underWay.audit(
        did ?? (isNew ? 'rule.created' : 'rule.updated'),
        { type: 'rule', id },
        {
          ...(!isNew && { from: row.version }),
          to: written.version,
        },
      );
      stored.push({ id, document, rule, ...stampOf(written) });
    }
    await save(underWay.tx, saved);
    await writeRuleCalls(
      underWay.tx,
      underWay.workspace,
      parsed.map(({ row, id, calls }) => ({ id, calls, isNew: row === undefined })),
    );
    await writeRuleNotices(
      underWay.tx,
      underWay.workspace,
      parsed.map(({ row, id, document }) => ({
        id,
        notices: referencesOf(document).notices,
        isNew: row === undefined,
      })),
    );
    if (writes.length > RULES_AT_ONCE) await nextTurn();
  }
  return stored;
}

/** Leaves a rule's row in place, as deleted. @param row as `findRules` found it */
export async function markRuleDeleted(underWay: ChangeUnderWay, row: RuleTable): Promise<void> {
  const written: RuleTable = {
    ...row,
    portfolio_id: null,
    member_id: null,
    ...nextStamp(underWay, row),
    changed_seq: underWay.seq,
    deleted: 1,
  };
  await save(underWay.tx, [{ row: written, action: 'deleted' }]);
  await deleteRuleCalls(underWay.tx, underWay.workspace, [row.id]);
  await deleteRuleNotices(underWay.tx, underWay.workspace, [row.id]);
  underWay.audit('rule.deleted', { type: 'rule', id: row.id }, { from: row.version });
}

interface SavedRule {
  row: RuleTable;
  action: 'created' | 'updated' | 'deleted';
}

/** Writes rows and their entries among the versions. */
async function save(tx: Tx, saved: readonly SavedRule[]): Promise<void> {
  await tx
    .insertInto('rules')
    .values(saved.map(({ row }) => row))
    .onConflict((conflict) =>
      conflict.columns(['workspace', 'id']).doUpdateSet((eb) => ({
        document: eb.ref('excluded.document'),
        portfolio_id: eb.ref('excluded.portfolio_id'),
        member_id: eb.ref('excluded.member_id'),
        version: eb.ref('excluded.version'),
        created_at: eb.ref('excluded.created_at'),
        updated_at: eb.ref('excluded.updated_at'),
        updated_by: eb.ref('excluded.updated_by'),
        changed_seq: eb.ref('excluded.changed_seq'),
        deleted: eb.ref('excluded.deleted'),
      })),
    )
    .execute();
  await tx
    .insertInto('rule_versions')
    .values(
      saved.map(({ row, action }) => ({
        workspace: row.workspace,
        rule_id: row.id,
        version: row.version,
        action,
        document: row.document,
        created_at: row.created_at,
        changed_at: row.updated_at,
        changed_by: row.updated_by,
      })),
    )
    .execute();
}
