import { cancellationSignal } from '@temporalio/activity';
import { escalationMail } from '../mail/escalation-mail';
import type { MailTransport } from '../mail/transport';
import type { Rulebook } from '../rules/rulebook';
import type { Escalation } from '../shared/execution';
import { DEFAULT_WORKSPACE } from '../shared/ids';
import { enterRoom, type CallRoom } from './call-room';
import { ruleGone } from './rule-gone';

export interface EscalateInput {
  executionId: string;
  /** Absent in executions that began before there were workspaces. */
  workspace?: string;
  ruleId: string;
  url: string;
  /** What went wrong, e.g. `503 Service Unavailable`. */
  error: string;
}

/** Sends the escalation e-mail to the rule's owner, as the rule is now. Throws while SMTP is away: it is retried for days. */
export function createEscalate(deps: {
  rulebook: Rulebook;
  mail: Pick<MailTransport, 'send'>;
  from: string;
  room: CallRoom;
  /** See RULE_GONE_GRACE_MS. */
  ruleGoneGraceMs: number;
}) {
  return async function escalate(input: EscalateInput): Promise<Escalation> {
    const current = await deps.rulebook.rule(input.workspace ?? DEFAULT_WORKSPACE, input.ruleId);
    if (current === undefined) {
      throw ruleGone(`rule ${input.ruleId} was deleted`, deps.ruleGoneGraceMs);
    }
    const {
      owner,
      rule: { name },
    } = current;
    const message = escalationMail({
      executionId: input.executionId,
      ruleName: name,
      url: input.url,
      error: input.error,
      to: { address: owner.email, ...(owner.name !== undefined && { name: owner.name }) },
      from: deps.from,
    });
    // A mail server that hangs leaves slots to calls.
    const leave = await enterRoom(deps.room, { to: 'the mail server', id: input.executionId });
    const { messageId } = await deps.mail.send(message, cancellationSignal()).finally(leave);
    return { to: owner.email, messageId, sentAt: new Date().toISOString() };
  };
}
