import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { WebhookSender } from '../delivery/send';
import type { OpenChannel } from '../destinations/channel';
import { asNotice } from '../mail/as-notice';
import { digestMail } from '../mail/digest-mail';
import { disabledMail } from '../mail/disabled-mail';
import { escalationMail } from '../mail/escalation-mail';
import type { MailLinks } from '../mail/links';
import type { MailAddress, MailMessage } from '../mail/message';
import { recoveredMail } from '../mail/recovered-mail';
import type { MailTransport } from '../mail/transport';
import { MAX_LISTED, type NoticeFacts } from '../notices/facts';
import { CHANNEL_LIMITS, sendToChannel } from '../notices/send-to-channel';
import { failureTypes } from '../shared/activity-failures';
import { MAX_NOTICE_DELAY_MS } from '../shared/limits';
import type { AddressedNotice, NoticeReport } from '../shared/notices';
import { enterRoom, type CallRoom } from './call-room';
import { allOf, type GatheredRecord } from './escalation-digest';

/** Where channels are found, as they are now. */
export interface ChannelBook {
  open(workspace: string, id: string): Promise<OpenChannel | undefined>;
}

interface Dependencies {
  channels: ChannelBook;
  escalations: GatheredRecord;
  sender: Pick<WebhookSender, 'send'>;
  mail: Pick<MailTransport, 'send'>;
  mailFrom: string;
  room: CallRoom;
  links: MailLinks;
  /** Where people open the service, without a slash at its end. */
  publicUrl: string;
}

/**
 * Sends one notice to one target, a channel as it is now: whoever edits its URL mends what waits. Throws while the target
 * or the store is away, which is retried for days; not retryable when the target is gone, or says that it is (410).
 */
export function createDeliverNotice(deps: Dependencies) {
  return async function deliverNotice(addressed: AddressedNotice): Promise<NoticeReport> {
    const { target } = addressed;
    if (target.kind === 'mail') return sendMail(deps, addressed, target);
    const { id, workspace, notice } = addressed;
    const channel = await deps.channels.open(workspace, target.channelId);
    if (channel === undefined) throw gone(`channel ${target.channelId} was deleted`);
    const facts = await factsOf(deps.escalations, workspace, notice);
    const leave = await enterRoom(deps.room, {
      workspace,
      to: `channel ${channel.id}`,
      id,
      limits: CHANNEL_LIMITS[channel.kind],
      isRetry: activityInfo().attempt > 1,
    });
    const { publicUrl } = deps;
    const answer = await sendToChannel(deps.sender, channel, { id, workspace, facts, publicUrl }).finally(
      leave,
    );
    if (answer.sent) return { sentAt: new Date().toISOString() };
    const { error, status, retryAfterMs } = answer;
    throw ApplicationFailure.create({
      type: failureTypes.noticeNotTaken,
      message: error,
      nonRetryable: status === 410,
      ...(retryAfterMs !== undefined && { nextRetryDelay: Math.min(retryAfterMs, MAX_NOTICE_DELAY_MS) }),
      // The channel's trouble, not the operator's: it counts in no error metric and fills no error log.
      category: ApplicationFailureCategory.BENIGN,
    });
  };
}

async function sendMail(
  deps: Dependencies,
  { id, workspace, notice }: AddressedNotice,
  { address, name }: MailAddress,
): Promise<NoticeReport> {
  const to = { address, ...(name !== undefined && { name }) };
  const message = asNotice(await mailOf(deps, { workspace, notice, to }), id);
  const leave = await enterRoom(deps.room, { to: 'the mail server', id: message.id });
  const { messageId } = await deps.mail.send(message, cancellationSignal()).finally(leave);
  return { sentAt: new Date().toISOString(), messageId };
}

/** The words that the owner gets. */
async function mailOf(
  { escalations, mailFrom: from, links }: Dependencies,
  { workspace, notice, to }: Pick<AddressedNotice, 'workspace' | 'notice'> & { to: MailAddress },
): Promise<MailMessage> {
  switch (notice.type) {
    case 'escalation.created': {
      const { executionId, ruleName, url, error } = notice.escalated;
      const pages = {
        execution: links.execution(executionId),
        retry: await links.retry(workspace, executionId),
      };
      return escalationMail({ workspace, executionId, ruleName, url, error, to, from, pages });
    }
    case 'escalations.gathered': {
      const { digestId: noticeId } = notice;
      const { name: ruleName } = await gatheredRule(escalations, workspace, notice);
      const escalated = await allOf(escalations, workspace, noticeId);
      return digestMail({
        workspace,
        noticeId,
        ruleName,
        escalated,
        to,
        from,
        retryPage: await links.retry(workspace, noticeId),
        executionPage: (id) => links.execution(id),
      });
    }
    case 'destination.disabled':
      return disabledMail({ ...notice, workspace, to, from, heldPage: links.heldFor(notice.origin) });
    case 'destination.recovered':
      return recoveredMail({ ...notice, workspace, to, from });
  }
}

async function factsOf(
  escalations: GatheredRecord,
  workspace: string,
  notice: AddressedNotice['notice'],
): Promise<NoticeFacts> {
  if (notice.type !== 'escalations.gathered') return { ...notice, workspace };
  const { total, ...rule } = await gatheredRule(escalations, workspace, notice);
  const page = { offset: 0, limit: MAX_LISTED };
  const escalated = await escalations.ofNotice(workspace, notice.digestId, page);
  return { type: notice.type, workspace, rule, total, escalated };
}

/** @throws ApplicationFailure when they are not on record any more: they are forgotten after RETENTION_DAYS */
async function gatheredRule(
  escalations: GatheredRecord,
  workspace: string,
  { ruleId, digestId }: { ruleId: string; digestId: string },
): Promise<{ id: string; name: string; total: number }> {
  const { total, rule } = await escalations.notice(workspace, digestId);
  if (rule === undefined) throw gone(`nothing is on record of digest ${digestId}`);
  return { id: ruleId, name: rule.name, total };
}

function gone(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: failureTypes.noticeGone, message, nonRetryable: true });
}
