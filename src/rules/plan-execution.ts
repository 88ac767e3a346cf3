import type { Trigger } from './evaluation';
import type { IncomingEvent } from './event';
import { jsonOf } from './json-of';
import type { Rule } from './rule';
import type { VersionedRule } from './rulebook';
import { displayUrl } from '../shared/display';
import type { RuleExecution, StepReference } from '../shared/execution';

export interface Matched extends VersionedRule {
  event: IncomingEvent;
  workspace: string;
  /** A trial run that somebody asked for. */
  test: boolean;
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
  workspace,
  test,
}: Matched): RuleExecution {
  const scored = 'data' in event ? undefined : event;
  const previous = scored && 'previous' in scored ? scored.previous : undefined;
  return {
    executionId,
    workspace,
    ...(test && { test }),
    rule: { id: rule.id, version, name: rule.name },
    event: { id: eventId, type: trigger.type },
    message: {
      ...(event.scorecard_id !== undefined && { scorecard_id: event.scorecard_id }),
      ...(event.domain !== undefined && { domain: event.domain }),
      trigger,
      ...(previous && { previous: jsonOf(previous) }),
      ...(scored?.current && { current: jsonOf(scored.current) }),
      ...(scored?.platform_score_date !== undefined && { platform_score_date: scored.platform_score_date }),
    },
    steps: stepReferences(rule),
    retryDelaysMs: rule.retry_schedule,
  };
}

/** The steps of a rule as an execution knows them. */
export function stepReferences({ steps }: Pick<Rule, 'steps'>): StepReference[] {
  return steps.map(({ id, url, method }) => ({
    id,
    target: displayUrl(url),
    ...(method !== 'POST' && { method }),
  }));
}
