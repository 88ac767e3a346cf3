import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { escalationMail } from '../mail/escalation-mail';
import type { MailLinks } from '../mail/links';
import type { MailTransport } from '../mail/transport';
import { within, type Tracer } from '../tracing/tracing';
import type { Rulebook } from '../rules/rulebook';
import type { EscalationDecision, EscalationDigest, NewEscalation } from '../shared/escalations';
import type { Escalation } from '../shared/execution';
import { DEFAULT_WORKSPACE } from '../shared/ids';
import { parseUrl } from '../shared/parse-url';
import { enterRoom, type CallRoom } from './call-room';
import { ruleGone } from './rule-gone';
import { tellOthers, type OthersTold } from './tell-others';

export interface EscalateInput {
  executionId: string;
  /** Absent in executions that began before there were workspaces. */
  workspace?: string;
  ruleId: string;
  /** Of the scorecard that it is about. */
  domain?: string;
  url: string;
  /** What went wrong, e.g. `503 Service Unavailable`. */
  error: string;
  /** The span that it is part of: W3C Trace Context. Absent when the execution is not traced. */
  traceparent?: string;
}

/** Where it is kept what was escalated. See `Escalations` of the store. */
export interface EscalationRecord {
  record(escalation: NewEscalation, digestMs: number): Promise<EscalationDecision>;
}

/** Makes sure that a rule's digest is under way. @param isFirst of those that it will tell of */
export type StartDigest = (digest: EscalationDigest, isFirst: boolean) => Promise<void>;

/**
 * Sends the escalation e-mail to the rule's owner, as the rule is now; or leaves it to the rule's digest, when a mail was sent
 * not long ago. Others whom the rule names are told beside it. Throws while the store or SMTP is away: it is retried for days.
 */
export function createEscalate(deps: {
  rulebook: Rulebook;
  mail: Pick<MailTransport, 'send'>;
  from: string;
  links: MailLinks;
  room: CallRoom;
  escalations: EscalationRecord;
  startDigest: StartDigest;
  /** For how long later escalations of a rule are gathered, unless the rule says. Milliseconds. 0: each has a mail. */
  escalationDigestMs: number;
  /** See RULE_GONE_GRACE_MS. */
  ruleGoneGraceMs: number;
  others: OthersTold;
  tracer?: Tracer | undefined;
}) {
  return async function escalate(input: EscalateInput): Promise<Escalation> {
    const { executionId, workspace = DEFAULT_WORKSPACE, ruleId, url, error, domain = null } = input;
    const { traceparent: parent } = input;
    const current = await deps.rulebook.rule(workspace, ruleId);
    if (current === undefined) {
      throw ruleGone(`rule ${ruleId} was deleted`, deps.ruleGoneGraceMs);
    }
    const {
      owner,
      rule: { name, notify },
    } = current;
    const origin = originOf(url);
    const escalated = { executionId, ruleId, ruleName: name, domain, origin, url, error, at: serverTime() };
    const decision = await deps.escalations.record(
      { ...escalated, workspace, owner },
      notify?.digest ?? deps.escalationDigestMs,
    );
    if (decision.kind === 'gathered') {
      const { until, isFirst } = decision;
      await deps.startDigest({ workspace, ruleId, until }, isFirst);
      return { to: owner.email, gatheredUntil: until };
    }
    // Before the mail: a mail server that is away keeps nobody else waiting.
    await tellOthers(deps.others, {
      workspace,
      notice: { type: 'escalation.created', escalated },
      rules: [current],
      owners: 'told',
    });
    const message = escalationMail({
      workspace,
      executionId,
      ruleName: name,
      url,
      error,
      to: { address: owner.email, ...(owner.name !== undefined && { name: owner.name }) },
      from: deps.from,
      pages: {
        execution: deps.links.execution(executionId),
        // Of one that is told alone, the notice has the execution's id.
        retry: await deps.links.retry(workspace, executionId),
      },
    });
    // A mail server that hangs leaves slots to calls.
    const leave = await enterRoom(deps.room, { to: 'the mail server', id: executionId });
    const span =
      parent === undefined ? undefined : deps.tracer?.begin('send mail', { kind: 'client', parent });
    const sent = within(span, () => deps.mail.send(message, cancellationSignal()));
    const { messageId } = await sent.finally(leave);
    return { to: owner.email, messageId, sentAt: new Date().toISOString() };
  };
}

/** Of the server, whose clock is not this machine's, and by which digests are due. */
function serverTime(): string {
  return new Date(activityInfo().currentAttemptScheduledTimestampMs).toISOString();
}

/** Of a URL as it was called; what is no URL has none. */
function originOf(url: string): string {
  return parseUrl(url)?.origin ?? '';
}
