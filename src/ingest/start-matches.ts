import type { Client } from '@temporalio/client';
import { startExecution } from '../client/start-execution';
import type { Tracer } from '../tracing/tracing';
import type { IncomingEvent } from '../rules/event';
import { planExecution } from '../rules/plan-execution';
import type { Rule } from '../rules/rule';
import type { StartedBatch } from '../shared/event-dispatch';
import { mapBounded } from '../shared/map-bounded';
import type { EventMatch } from '../store/event-store';
import type { Store } from '../store/store';

/** Starts under way at once: more gain nothing on one server and only lengthen each other. */
const CONCURRENT_STARTS = 10;

/** A match with the rule as it was when the event came in. */
export interface MatchWithRule extends EventMatch {
  rule: Rule;
}

/**
 * Starts the executions of some of an event's matches. Repeating it starts nothing twice.
 *
 * @param trace `traceparent`: of what brought the event. Absent: each begins a trace, when there is a `tracer`
 * @throws ServiceError when one cannot be started; the others are started all the same
 */
export async function startMatches(
  client: Client,
  workspace: string,
  event: IncomingEvent & { id: string },
  matches: readonly MatchWithRule[],
  { traceparent, tracer }: { traceparent?: string | undefined; tracer?: Tracer | undefined } = {},
): Promise<StartedBatch> {
  const batch: StartedBatch = { started: 0, existed: 0 };
  const failures: unknown[] = [];
  const startOne = async ({ rule, ruleVersion, executionId, trigger }: MatchWithRule) => {
    const execution = planExecution({
      rule,
      version: String(ruleVersion),
      event,
      eventId: event.id,
      trigger,
      executionId,
      workspace,
      test: event.trial !== undefined,
    });
    const traced = { ...execution, ...(traceparent !== undefined && { traceparent }) };
    const started = await startExecution(client, traced, { tracer });
    batch[started ? 'started' : 'existed'] += 1;
  };
  await mapBounded(matches, CONCURRENT_STARTS, (match) =>
    // One that cannot be started must not hold up the others.
    startOne(match).catch((error: unknown) => failures.push(error)),
  );
  if (failures.length > 0) throw failures[0];
  return batch;
}

/** Reads the rules of matches that come from the store. */
export async function withRules(
  store: Pick<Store, 'rules'>,
  workspace: string,
  matches: readonly EventMatch[],
): Promise<MatchWithRule[]> {
  const wanted = matches.map(({ ruleId: id, ruleVersion: version }) => ({ id, version }));
  const stored = await store.rules.atVersions(workspace, wanted);
  const rules = new Map(stored.map(({ id, version, rule }) => [`${id} ${version}`, rule]));
  return matches.map((match) => {
    const rule = rules.get(`${match.ruleId} ${match.ruleVersion}`);
    if (rule === undefined) throw new Error(`rule ${match.ruleId} has no version ${match.ruleVersion}`);
    return { ...match, rule };
  });
}
