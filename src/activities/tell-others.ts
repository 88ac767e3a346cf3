import type { MailAddress } from '../mail/message';
import type { Owner, VersionedRule } from '../rules/rulebook';
import { noticeIdOf } from '../shared/ids';
import { mapBounded } from '../shared/map-bounded';
import type { AddressedNotice, Notice, NoticeTarget } from '../shared/notices';

/** Starts that are under way at once. */
const STARTS_AT_ONCE = 20;

/** Sends a notice to one target durably. May be called any number of times for the same. */
export type StartNotice = (notice: AddressedNotice) => Promise<void>;

/** Where members are found, as they are now. */
export interface MemberBook {
  get(workspace: string, id: string): Promise<{ name: string; email: string } | undefined>;
}

export interface OthersTold {
  members: MemberBook;
  startNotice: StartNotice;
}

/** A rule as it is now. */
type OwnedRule = Pick<VersionedRule, 'rule'> & { owner: Owner };

/**
 * Has a notice sent to all whom rules name besides their owners, each once; and to the owners too, unless they are told
 * by e-mails of their own. It does not wait for what becomes of it. Throws while Temporal or the store is away: it may be repeated.
 */
export async function tellOthers(
  { members, startNotice }: OthersTold,
  { workspace, notice, rules, owners }: TellOthers,
): Promise<void> {
  const mails = new Map<string, MailAddress>();
  for (const { rule, owner } of rules) {
    for (const recipient of rule.notify?.recipients ?? []) {
      const address = await addressOf(members, workspace, recipient);
      if (address !== undefined) mails.set(keyOf(address), address);
    }
    if (owners === 'too') mails.set(keyOf(mailOf(owner)), mailOf(owner));
  }
  if (owners === 'told') for (const { owner } of rules) mails.delete(keyOf(mailOf(owner)));
  const channelIds = new Set(rules.flatMap(({ rule }) => rule.notify?.channels ?? []));
  const targets: NoticeTarget[] = [
    ...[...mails.values()].map((address) => ({ kind: 'mail' as const, ...address })),
    ...[...channelIds].map((channelId) => ({ kind: 'channel' as const, channelId })),
  ];
  await mapBounded(targets, STARTS_AT_ONCE, (target) =>
    startNotice({ id: noticeIdOf(workspace, notice, target), workspace, notice, target }),
  );
}

interface TellOthers {
  workspace: string;
  notice: Notice;
  /** Those that it concerns. */
  rules: readonly OwnedRule[];
  owners: 'told' | 'too';
}

type Recipient = NonNullable<NonNullable<OwnedRule['rule']['notify']>['recipients']>[number];

/** Undefined for a member who is not there any more: the rule was edited, and they were deleted, a moment ago. */
async function addressOf(
  members: MemberBook,
  workspace: string,
  recipient: Recipient,
): Promise<MailAddress | undefined> {
  if (typeof recipient === 'string') return { address: recipient };
  const member = await members.get(workspace, recipient.member);
  return member && mailOf(member);
}

function mailOf({ name, email }: Owner): MailAddress {
  return { address: email, ...(name !== undefined && { name }) };
}

function keyOf({ address }: MailAddress): string {
  return address.toLowerCase();
}
