import type { EscalatedExecution } from '../shared/escalations';
import { executionPage } from '../shared/public-links';
import type { NoticeFacts } from './facts';

/**
 * The body for an endpoint of one's own, by Standard Webhooks' advice: what happened, when, and about what.
 *
 * @param publicUrl where people open the service, without a slash at its end
 */
export function webhookMessage(facts: NoticeFacts, publicUrl: string): object {
  const { type, workspace } = facts;
  const { timestamp, data } = bodyOf(facts, publicUrl);
  return { type, timestamp, data: { workspace, ...data } };
}

function bodyOf(facts: NoticeFacts, publicUrl: string): { timestamp: string; data: object } {
  switch (facts.type) {
    case 'escalation.created': {
      const { ruleId: id, ruleName: name, at } = facts.escalated;
      return {
        timestamp: at,
        data: { rule: { id, name }, execution: executionOf(facts.escalated, publicUrl) },
      };
    }
    case 'escalations.gathered': {
      const { rule, total, escalated } = facts;
      return {
        timestamp: escalated.at(-1)?.at ?? '',
        data: { rule, total, executions: escalated.map((each) => executionOf(each, publicUrl)) },
      };
    }
    case 'destination.disabled': {
      const { origin, reason, failingSince, disabledAt } = facts;
      return { timestamp: disabledAt, data: { origin, reason, failing_since: failingSince } };
    }
    case 'destination.recovered': {
      const { origin, failingSince, recoveredAt } = facts;
      return {
        timestamp: recoveredAt,
        data: { origin, failing_since: failingSince, recovered_at: recoveredAt },
      };
    }
    case 'channel.test':
      return { timestamp: facts.at, data: { channel: facts.channelId } };
  }
}

function executionOf({ executionId, domain, url, error, at }: EscalatedExecution, publicUrl: string): object {
  return {
    execution_id: executionId,
    domain,
    webhook_url: url,
    error,
    failed_at: at,
    page: executionPage(publicUrl, executionId),
  };
}
