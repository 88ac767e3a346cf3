import { useQuery } from '@tanstack/preact-query';
import type { JsonObject } from '../../shared/json';
import { membersQuery } from '../api/rule-choices';
import { textAt } from './document';

/** Who gets the mails of a rule: a member by the name that the member has now. */
export function RuleOwner({ document }: { document: JsonObject }) {
  const memberId = textAt(document, ['owner', 'member']);
  const members = useQuery({ ...membersQuery, enabled: memberId !== '' });
  if (memberId !== '') {
    const member = members.data?.find(({ id }) => id === memberId);
    return <span title={member?.email}>{member?.name ?? memberId}</span>;
  }
  const email = textAt(document, ['owner', 'email']);
  const name = textAt(document, ['owner', 'name']);
  return <span title={email}>{name === '' ? email : name}</span>;
}
