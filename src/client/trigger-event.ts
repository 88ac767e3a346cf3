import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { ScorecardEvent } from '../rules/event';
import { match } from '../rules/match';
import { planExecution } from '../rules/plan-execution';
import type { Rulebook } from '../rules/rulebook';
import type { RuleExecution } from '../shared/execution';
import { executionIdOf } from './execution-id';
import { startExecution } from './start-execution';

export interface TriggerResult {
  /** The sender's id of the event, or the one it was given here. */
  eventId: string;
  /** The rules that matched and why; `started` is false when the same event had started the execution before. */
  executions: { execution: RuleExecution; reason: string; started: boolean }[];
  /** The rules that did not match, and why not. */
  unmatched: { ruleId: string; reason: string }[];
}

/**
 * Starts an execution for each rule that an event matches. When this answers, all of them are durably started; when it
 * throws, some may be: triggering the same event again starts the rest and repeats nothing.
 *
 * @param only ids of the rules to look at; all when absent
 * @throws ServiceError when Temporal cannot be reached
 */
export async function triggerEvent(
  deps: { client: Client; rulebook: Rulebook },
  event: ScorecardEvent,
  only?: readonly string[],
): Promise<TriggerResult> {
  const { client, rulebook } = deps;
  const [rules, groups] = await Promise.all([rulebook.rules(), rulebook.groups()]);
  const failures: unknown[] = [];
  const result: TriggerResult = { eventId: event.id ?? randomUUID(), executions: [], unmatched: [] };
  for (const { rule, version } of rules) {
    if (only?.includes(rule.id) === false) continue;
    const found = match(rule, event, groups);
    if (!found.matches) {
      result.unmatched.push({ ruleId: rule.id, reason: found.reason });
      continue;
    }
    const { eventId } = result;
    // A trial must not use up the id of the real event.
    const executionId = executionIdOf(rule.id, event.trial ? `trial/${eventId}` : eventId);
    const execution = planExecution({ rule, version, event, eventId, trigger: found.trigger, executionId });
    try {
      const started = await startExecution(client, execution);
      result.executions.push({ execution, reason: found.reason, started });
    } catch (error) {
      // One execution that cannot be started must not hold up the others.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return result;
}
