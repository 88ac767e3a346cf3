import type { JsonObject } from '../shared/json';
import type { ChangeUnderWay } from './changes';
import { whyUnusable } from './credential-fit';
import { usableCredentials } from './credential-rows';
import { InUseError, UnknownReferenceError } from './errors';
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
 * @throws UnknownReferenceError for the first rule that names a portfolio or a member that is not there, or a credential
 *   that is not there or cannot be used so
 */
export async function assertReferences(underWay: ChangeUnderWay, rules: readonly Referring[]): Promise<void> {
  await assertGroupsAndOwners(underWay, rules);
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

async function assertGroupsAndOwners(
  { tx, workspace }: ChangeUnderWay,
  rules: readonly Referring[],
): Promise<void> {
  const references = rules.map(({ document, at = '' }) => ({ at, ...referencesOf(document) }));
  const portfolioIds = references.flatMap(({ portfolioId }) => portfolioId ?? []);
  const memberIds = references.flatMap(({ memberId }) => memberId ?? []);
  const portfolios =
    portfolioIds.length === 0
      ? []
      : await tx
          .selectFrom('portfolios')
          .select('id')
          .where('workspace', '=', workspace)
          .where('id', 'in', portfolioIds)
          .where('deleted', '=', 0)
          .execute();
  const members =
    memberIds.length === 0
      ? []
      : await tx
          .selectFrom('members')
          .select('id')
          .where('workspace', '=', workspace)
          .where('id', 'in', memberIds)
          .execute();
  const [known, knownMembers] = [portfolios, members].map((rows) => new Set(rows.map(({ id }) => id)));
  for (const { at, portfolioId, memberId } of references) {
    if (portfolioId !== null && known?.has(portfolioId) !== true) {
      throw new UnknownReferenceError(
        `${at}filters.scorecards.portfolio_id`,
        `there is no portfolio "${portfolioId}"`,
      );
    }
    if (memberId !== null && knownMembers?.has(memberId) !== true) {
      throw new UnknownReferenceError(`${at}owner.member`, `there is no member "${memberId}"`);
    }
  }
}

/** @throws InUseError that names the rules which refer to something */
export async function assertUnused(
  { tx, workspace }: ChangeUnderWay,
  reference: 'portfolio_id' | 'member_id',
  id: string,
  subject: string,
): Promise<void> {
  const rules = await tx
    .selectFrom('rules')
    .select('id')
    .where('workspace', '=', workspace)
    .where(reference, '=', id)
    .orderBy('id')
    .limit(MAX_NAMED + 1)
    .execute();
  if (rules.length > 0) throw new InUseError(`${subject} is in use by ${namedRules(rules)}`);
}

/** Rules as an error names them. @param rules one more than are named is enough */
export function namedRules(rules: readonly { id: string }[]): string {
  const named = rules.slice(0, MAX_NAMED).map(({ id }) => `"${id}"`);
  const more = rules.length > MAX_NAMED ? ' and more' : '';
  return `${rules.length === 1 ? 'rule' : 'rules'} ${named.join(', ')}${more}`;
}
