import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { disabledMail } from '../mail/disabled-mail';
import type { MailLinks } from '../mail/links';
import type { MailAddress } from '../mail/message';
import type { MailTransport } from '../mail/transport';
import type { Owner, Rulebook } from '../rules/rulebook';
import type { DisabledDestination } from '../shared/disabled-destination';
import { enterRoom, type CallRoom } from './call-room';
import { tellOthers, type OthersTold } from './tell-others';

/** Where destinations are disabled. */
export interface DestinationSwitch {
  /** @returns false when it is disabled already */
  disable(workspace: string, origin: string, reason: string): Promise<boolean>;
  /** The ids of the rules whose steps call it. */
  rulesCalling(workspace: string, origin: string): Promise<string[]>;
}

/** The parts of disabling a destination. They throw while the store or the mail server is away: they are retried for days. */
export function createDisableActivities(deps: {
  destinationSwitch: DestinationSwitch;
  rulebook: Rulebook;
  mail: Pick<MailTransport, 'send'>;
  mailFrom: string;
  links: Pick<MailLinks, 'heldFor'>;
  room: CallRoom;
  others: OthersTold;
}) {
  return {
    /** Disables it, unless somebody has, and has others told whom rules name. @returns the owners, who are to be told */
    async disableDestination({
      workspace,
      origin,
      reason,
      failingSince,
    }: DisabledDestination): Promise<{ disabled: boolean; owners: MailAddress[] }> {
      const ids = await deps.destinationSwitch.rulesCalling(workspace, origin);
      const found = await Promise.all(ids.map((id) => deps.rulebook.rule(workspace, id)));
      const rules = found.filter((rule) => rule !== undefined);
      const disabled = await deps.destinationSwitch.disable(workspace, origin, reason);
      const disabledAt = new Date(activityInfo().currentAttemptScheduledTimestampMs).toISOString();
      await tellOthers(deps.others, {
        workspace,
        notice: { type: 'destination.disabled', origin, reason, failingSince, disabledAt },
        rules,
        owners: 'told',
      });
      return { disabled, owners: addressesOf(rules.map(({ owner }) => owner)) };
    },

    /** Sends one owner the e-mail. */
    async tellOfDisabling(told: DisabledDestination & { to: MailAddress }): Promise<void> {
      const message = disabledMail({
        ...told,
        from: deps.mailFrom,
        heldPage: deps.links.heldFor(told.origin),
      });
      const leave = await enterRoom(deps.room, { to: 'the mail server', id: message.id });
      await deps.mail.send(message, cancellationSignal()).finally(leave);
    },
  };
}

/** Each once. */
function addressesOf(owners: readonly Owner[]): MailAddress[] {
  const byAddress = new Map(
    owners.map(({ email, name }) => [
      email.toLowerCase(),
      { address: email, ...(name !== undefined && { name }) },
    ]),
  );
  return [...byAddress.values()];
}
