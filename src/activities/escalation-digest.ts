import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { digestMail } from '../mail/digest-mail';
import type { MailLinks } from '../mail/links';
import type { MailTransport } from '../mail/transport';
import type { Rulebook } from '../rules/rulebook';
import type { EscalatedExecution, GatheredEscalations } from '../shared/escalations';
import { enterRoom, type CallRoom } from './call-room';
import { tellOthers, type OthersTold } from './tell-others';

/** Escalations that are read at once. */
const PAGE = 1_000;

/** Where it is kept which notice tells of what. See `Escalations` of the store. */
export interface GatheredRecord {
  gather(rule: { workspace: string; ruleId: string }, noticeId: string, next: string): Promise<number>;
  notice(workspace: string, noticeId: string): Promise<GatheredEscalations>;
  ofNotice(
    workspace: string,
    noticeId: string,
    page: { offset: number; limit: number },
  ): Promise<EscalatedExecution[]>;
}

export interface DigestInput {
  workspace: string;
  ruleId: string;
  noticeId: string;
}

/** The parts of a digest. They throw while the store or the mail server is away: they are retried without end. */
export function createDigestActivities(deps: {
  escalations: GatheredRecord;
  rulebook: Rulebook;
  mail: Pick<MailTransport, 'send'>;
  mailFrom: string;
  links: MailLinks;
  room: CallRoom;
  /** See ESCALATION_DIGEST. Milliseconds. */
  escalationDigestMs: number;
  others: OthersTold;
}) {
  return {
    /** Decides what the digest tells of, and begins to gather for the next one. @returns how many it tells of */
    async gatherEscalations({ workspace, ruleId, noticeId }: DigestInput): Promise<number> {
      const current = await deps.rulebook.rule(workspace, ruleId);
      const digestMs = current?.rule.notify?.digest ?? deps.escalationDigestMs;
      // The server's time, like that of the escalations.
      const next = new Date(activityInfo().currentAttemptScheduledTimestampMs + digestMs).toISOString();
      return deps.escalations.gather({ workspace, ruleId }, noticeId, next);
    },

    /** Sends the mail to the rule's owner as the rule is now; when it was deleted, to the one whom it had. */
    async sendDigest({
      workspace,
      ruleId,
      noticeId,
    }: DigestInput): Promise<{ to: string; messageId: string }> {
      const [notice, current] = await Promise.all([
        deps.escalations.notice(workspace, noticeId),
        deps.rulebook.rule(workspace, ruleId),
      ]);
      const owner = current?.owner ?? notice.owner;
      if (owner === undefined) throw new Error(`nothing is on record of notice ${noticeId}`);
      await tellOthers(deps.others, {
        workspace,
        notice: { type: 'escalations.gathered', ruleId, digestId: noticeId },
        rules: current === undefined ? [] : [current],
        owners: 'told',
      });
      const escalated = await allOf(deps.escalations, workspace, noticeId);
      const message = digestMail({
        workspace,
        noticeId,
        ruleName: current?.rule.name ?? notice.rule?.name ?? ruleId,
        escalated,
        to: { address: owner.email, ...(owner.name !== undefined && { name: owner.name }) },
        from: deps.mailFrom,
        retryPage: await deps.links.retry(workspace, noticeId),
        executionPage: (id) => deps.links.execution(id),
      });
      const leave = await enterRoom(deps.room, { to: 'the mail server', id: noticeId });
      const { messageId } = await deps.mail.send(message, cancellationSignal()).finally(leave);
      return { to: owner.email, messageId };
    },
  };
}

/** All that a notice tells of, oldest first. */
export async function allOf(
  record: GatheredRecord,
  workspace: string,
  noticeId: string,
): Promise<EscalatedExecution[]> {
  const all: EscalatedExecution[] = [];
  for (;;) {
    const page = await record.ofNotice(workspace, noticeId, { offset: all.length, limit: PAGE });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}
