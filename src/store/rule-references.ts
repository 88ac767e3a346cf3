import type { JsonObject } from '../shared/json';
import type { ChangeUnderWay } from './changes';
import { InUseError, UnknownReferenceError } from './errors';
import { referencesOf } from './stored-rule';

/** How many rules an error names. */
const MAX_NAMED = 10;

/**
 * @param rules `at`: where the rule stands in a whole document, with a dot at its end
 * @throws UnknownReferenceError for the first rule that names a portfolio or a member that is not there
 */
export async function assertReferences(
  { tx, workspace }: ChangeUnderWay,
  rules: readonly { document: JsonObject; at?: string }[],
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
  if (rules.length === 0) return;
  const named = rules.slice(0, MAX_NAMED).map((rule) => `"${rule.id}"`);
  const more = rules.length > MAX_NAMED ? ' and more' : '';
  throw new InUseError(
    `${subject} is in use by ${rules.length === 1 ? 'rule' : 'rules'} ${named.join(', ')}${more}`,
  );
}
