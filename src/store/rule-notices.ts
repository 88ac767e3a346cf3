import type { Tx } from './database';
import { slices } from './lists';
import type { RuleReferences } from './stored-rule';

/** Writes down whom rules name to be told now, in the place of whom they named before. */
export async function writeRuleNotices(
  tx: Tx,
  workspace: string,
  rules: readonly { id: string; notices: RuleReferences['notices']; isNew: boolean }[],
): Promise<void> {
  await deleteRuleNotices(
    tx,
    workspace,
    rules.filter(({ isNew }) => !isNew).map(({ id }) => id),
  );
  const rows = rules.flatMap(({ id, notices }) =>
    notices.map(({ kind, target }) => ({ workspace, rule_id: id, kind, target })),
  );
  for (const some of slices(rows)) await tx.insertInto('rule_notices').values(some).execute();
}

export async function deleteRuleNotices(
  tx: Tx,
  workspace: string,
  ruleIds: readonly string[],
): Promise<void> {
  for (const some of slices(ruleIds)) {
    await tx
      .deleteFrom('rule_notices')
      .where('workspace', '=', workspace)
      .where('rule_id', 'in', some)
      .execute();
  }
}
