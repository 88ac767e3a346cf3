import { cancellationSignal } from '@temporalio/activity';
import { disabledMail } from '../mail/disabled-mail';
import type { MailAddress } from '../mail/message';
import type { MailTransport } from '../mail/transport';
import type { Owner, Rulebook } from '../rules/rulebook';
import type { DisabledDestination } from '../shared/disabled-destination';
import { enterRoom, type CallRoom } from './call-room';

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
  room: CallRoom;
}) {
  return {
    /** Disables it, unless somebody has. @returns who is to be told */
    async disableDestination({
      workspace,
      origin,
      reason,
    }: DisabledDestination): Promise<{ disabled: boolean; owners: MailAddress[] }> {
      const ids = await deps.destinationSwitch.rulesCalling(workspace, origin);
      const rules = await Promise.all(ids.map((id) => deps.rulebook.rule(workspace, id)));
      const disabled = await deps.destinationSwitch.disable(workspace, origin, reason);
      return { disabled, owners: addressesOf(rules.flatMap((rule) => rule?.owner ?? [])) };
    },

    /** Sends one owner the e-mail. */
    async tellOfDisabling(told: DisabledDestination & { to: MailAddress }): Promise<void> {
      const message = disabledMail({ ...told, from: deps.mailFrom });
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
