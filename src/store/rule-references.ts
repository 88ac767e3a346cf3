import { sql } from 'kysely';
import type { JsonObject } from '../shared/json';
import type { ChangeUnderWay } from './changes';
import { whyUnusable } from './credential-fit';
import { usableCredentials } from './credential-rows';
import { InUseError, UnknownReferenceError } from './errors';
import { groupBy, slices } from './lists';
import { referencesOf } from './stored-rule';
import type { RuleCallTable } from './tables';

/** How many rules an error names. */
const MAX_NAMED = 10;

/** What of a rule names other things. */
interface Referring {
  document: JsonObject;
  /** What its steps call, in their order. */
  calls: readonly Pick<RuleCallTable, 'origin' | 'auth' | 'tls'>[];
  /** Where the rule stands in a whole document, with a dot at its end. */
  at?: string | undefined;
}

/**
 * @throws UnknownReferenceError for the first rule that names a portfolio, a member or a channel that is not there, or a
 *   credential that is not there or cannot be used so
 */
export async function assertReferences(underWay: ChangeUnderWay, rules: readonly Referring[]): Promise<void> {
  await assertNamed(underWay, rules);
  await assertCredentials(underWay, rules);
}

async function assertCredentials(
  { tx, workspace }: ChangeUnderWay,
  rules: readonly Referring[],
): Promise<void> {
  const named = rules.flatMap(({ calls }) =>
    calls.flatMap(({ auth, tls }) => [auth ?? [], tls ?? []].flat()),
  );
  const known = await usableCredentials(tx, workspace, named);
  for (const { calls, at = '' } of rules) {
    for (const [index, { origin, ...uses }] of calls.entries()) {
      for (const use of ['auth', 'tls'] as const) {
        const id = uses[use];
        const reason = id === null ? undefined : whyUnusable(id, known.get(id), use, origin);
        if (reason !== undefined) throw new UnknownReferenceError(`${at}steps[${index}].${use}`, reason);
      }
    }
  }
}

async function assertNamed(underWay: ChangeUnderWay, rules: readonly Referring[]): Promise<void> {
  const references = rules.flatMap(({ document, at = '' }) => {
    const { portfolioId, memberId, notices } = referencesOf(document);
    return [
      { kind: 'portfolio' as const, id: portfolioId, path: `${at}filters.scorecards.portfolio_id` },
      { kind: 'member' as const, id: memberId, path: `${at}owner.member` },
      ...notices.map(({ kind, target, path }) => ({ kind, id: target, path: `${at}${path}` })),
    ].flatMap(({ id, ...rest }) => (id === null ? [] : [{ id, ...rest }]));
  });
  const named = groupBy(references, ({ kind }) => kind);
  const idsOf = (kind: string) => [...new Set((named.get(kind) ?? []).map(({ id }) => id))];
  const known = {
    portfolio: await presentIds(underWay, 'portfolios', idsOf('portfolio')),
    member: await presentIds(underWay, 'members', idsOf('member')),
    channel: await presentIds(underWay, 'channels', idsOf('channel')),
  };
  for (const { kind, id, path } of references) {
    if (!known[kind].has(id)) throw new UnknownReferenceError(path, `there is no ${kind} "${id}"`);
  }
}

async function presentIds(
  { tx, workspace }: ChangeUnderWay,
  table: 'portfolios' | 'members' | 'channels',
  ids: readonly string[],
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const some of slices(ids)) {
    const rows = await tx
      .selectFrom(table)
      .select('id')
      .where('workspace', '=', workspace)
      .where('id', 'in', some)
      .$if(table === 'portfolios', (query) => query.where(sql.ref('deleted'), '=', 0))
      .execute();
    for (const { id } of rows) found.add(id);
  }
  return found;
}

/** @throws InUseError that names the rules which refer to something */
export async function assertUnused(
  { tx, workspace }: ChangeUnderWay,
  kind: 'portfolio' | 'member' | 'channel',
  id: string,
): Promise<void> {
  const owned = tx
    .selectFrom('rules')
    .select('id')
    .where('workspace', '=', workspace)
    .where(kind === 'portfolio' ? 'portfolio_id' : 'member_id', '=', id)
    .orderBy('id')
    .limit(MAX_NAMED + 1);
  const told = tx
    .selectFrom('rule_notices')
    .select('rule_id as id')
    .where('workspace', '=', workspace)
    .where('kind', '=', kind === 'member' ? 'member' : 'channel')
    .where('target', '=', id)
    .orderBy('rule_id')
    .limit(MAX_NAMED + 1);
  const rows = [
    ...(kind === 'channel' ? [] : await owned.execute()),
    ...(kind === 'portfolio' ? [] : await told.execute()),
  ];
  const rules = [...new Set(rows.map((row) => row.id))].sort().map((each) => ({ id: each }));
  if (rules.length > 0) throw new InUseError(`${kind} "${id}" is in use by ${namedRules(rules)}`);
}

/** Rules as an error names them. @param rules one more than are named is enough */
export function namedRules(rules: readonly { id: string }[]): string {
  const named = rules.slice(0, MAX_NAMED).map(({ id }) => `"${id}"`);
  const more = rules.length > MAX_NAMED ? ' and more' : '';
  return `${rules.length === 1 ? 'rule' : 'rules'} ${named.join(', ')}${more}`;
}
