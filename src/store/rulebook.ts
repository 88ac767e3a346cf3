import type { Owner, Rulebook, VersionedRule } from '../rules/rulebook';
import type { Database } from './database';
import { parseDocument, textAt } from './stored-rule';

/** Rules for the activities: one indexed read for each attempt, so that an edit is in force at once. */
export class StoredRulebook implements Rulebook {
  constructor(private readonly database: Database) {}

  async rule(workspace: string, id: string): Promise<(VersionedRule & { owner: Owner }) | undefined> {
    const row = await this.database.reader
      .selectFrom('rules')
      .leftJoin('members', (join) =>
        join.onRef('members.workspace', '=', 'rules.workspace').onRef('members.id', '=', 'rules.member_id'),
      )
      .select(['rules.document', 'rules.version', 'members.name', 'members.email'])
      .where('rules.workspace', '=', workspace)
      .where('rules.id', '=', id)
      .where('rules.deleted', '=', 0)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const { rule } = parseDocument(row.document);
    return { rule, version: String(row.version), owner: ownerOf(rule, row) };
  }
}

/** The member whom the rule names, as that member is now, or else the owner that stands in the rule. */
function ownerOf(rule: unknown, member: { name: string | null; email: string | null }): Owner {
  const found =
    member.email === null
      ? { name: textAt(rule, 'owner', 'name'), email: textAt(rule, 'owner', 'email') }
      : member;
  if (found.email === null) throw new Error('the rule has an owner who is no member');
  return { email: found.email, ...(found.name !== null && { name: found.name }) };
}
