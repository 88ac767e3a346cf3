import type { Trigger } from './evaluation';
import type { ScorecardEvent } from './event';
import { jsonOf } from './json-of';
import type { VersionedRule } from './rulebook';
import { displayUrl } from '../shared/display';
import type { RuleExecution } from '../shared/execution';

export interface Matched extends VersionedRule {
  event: ScorecardEvent;
  /** The event's own id, or the one that it was given on arrival. */
  eventId: string;
  trigger: Trigger;
  executionId: string;
}

/**
 * The input of the workflow that executes a matched rule. `previous`, `current` and `platform_score_date` are passed on
 * when the event has them, as real posts carry them beside the contract's fields.
 */
export function planExecution({
  rule,
  version,
  event,
  eventId,
  trigger,
  executionId,
}: Matched): RuleExecution {
  return {
    executionId,
    rule: { id: rule.id, version, name: rule.name },
    event: { id: eventId, type: trigger.type },
    message: {
      scorecard_id: event.scorecard_id,
      domain: event.domain,
      trigger,
      ...(event.previous && { previous: jsonOf(event.previous) }),
      ...(event.current && { current: jsonOf(event.current) }),
      ...(event.platform_score_date !== undefined && { platform_score_date: event.platform_score_date }),
    },
    steps: rule.steps.map(({ id, url }) => ({ id, target: displayUrl(url) })),
    retryDelaysMs: rule.retry_schedule,
  };
}
