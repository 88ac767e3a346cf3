import type { Rule } from '../rules/rule';
import type { Tx } from './database';
import { slices } from './lists';
import { parseOnce } from './stored-rule';
import type { RuleCallTable } from './tables';

/** Rules that are read at once. */
const PAGE = 200;

type Calls = Pick<RuleCallTable, 'origin' | 'auth' | 'tls'>[];

/** What a rule's steps call, in their order. */
export function callsOf({ steps }: Rule): Calls {
  return steps.map(({ url, auth = null, tls = null }) => ({ origin: new URL(url).origin, auth, tls }));
}

/** Writes down what rules call now, in the place of what they called before. */
export async function writeRuleCalls(
  tx: Tx,
  workspace: string,
  rules: readonly { id: string; calls: Calls; isNew: boolean }[],
): Promise<void> {
  await deleteRuleCalls(
    tx,
    workspace,
    rules.filter(({ isNew }) => !isNew).map(({ id }) => id),
  );
  await insert(
    tx,
    rules.flatMap(({ id, calls }) => rowsOf(workspace, id, calls)),
  );
}

export async function deleteRuleCalls(tx: Tx, workspace: string, ruleIds: readonly string[]): Promise<void> {
  for (const some of slices(ruleIds)) {
    await tx
      .deleteFrom('rule_calls')
      .where('workspace', '=', workspace)
      .where('rule_id', 'in', some)
      .execute();
  }
}

/** Writes down what all rules call that were there before this was written down. */
export async function fillRuleCalls(tx: Tx): Promise<void> {
  let after = { workspace: '', id: '' };
  for (;;) {
    const { workspace, id } = after;
    const rows = await tx
      .selectFrom('rules')
      .select(['workspace', 'id', 'document'])
      .where('deleted', '=', 0)
      .where((eb) =>
        eb.or([
          eb('workspace', '>', workspace),
          eb.and([eb('workspace', '=', workspace), eb('id', '>', id)]),
        ]),
      )
      .orderBy('workspace')
      .orderBy('id')
      .limit(PAGE)
      .execute();
    await insert(
      tx,
      rows.flatMap((row) => rowsOf(row.workspace, row.id, callsIfReadable(row.document))),
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last;
  }
}

/** A rule that this program cannot read calls nothing. */
function callsIfReadable(document: string): Calls {
  try {
    return callsOf(parseOnce(document).rule);
  } catch {
    return [];
  }
}

function rowsOf(workspace: string, ruleId: string, calls: Calls): RuleCallTable[] {
  return calls.map((call, step) => ({ workspace, rule_id: ruleId, step, ...call }));
}

async function insert(tx: Tx, rows: readonly RuleCallTable[]): Promise<void> {
  for (const some of slices(rows)) await tx.insertInto('rule_calls').values(some).execute();
}
