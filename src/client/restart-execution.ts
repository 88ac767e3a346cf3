import type { Client } from '@temporalio/client';
import { stepReferences } from '../rules/plan-execution';
import type { Tracer } from '../tracing/tracing';
import type { Rulebook, VersionedRule } from '../rules/rulebook';
import type { CalledWebhook } from '../shared/called-webhook';
import type { ActionOutcome } from '../shared/execution-actions';
import type { RuleExecution } from '../shared/execution';
import { historyEvents } from './history-pages';
import { ExecutionTimeline } from './execution-timeline';
import { restartIdOf } from './restart-id';
import { startExecution } from './start-execution';

/** Which execution is made good, and from where. */
export interface RestartRequest {
  workspace: string;
  executionId: string;
  /**
   * Its first step as the rule is now; or its first step that was not delivered, or any step before that, with what those before
   * it answered.
   */
  from: 'start' | 'failed' | { step: string };
  /** The same request again, by this id, is told that it was done. */
  requestId?: string | undefined;
}

/**
 * Executes again what has ended, as an execution of its own, whose id follows from the other's: so none is restarted twice.
 * The execution must exist.
 *
 * @throws ServiceError when Temporal is away
 */
export async function restartExecution(
  { client, rulebook, tracer }: { client: Client; rulebook: Rulebook; tracer?: Tracer | undefined },
  { workspace, executionId, from, requestId }: RestartRequest,
): Promise<ActionOutcome> {
  const timeline = new ExecutionTimeline(client.options.loadedDataConverter);
  for await (const event of historyEvents(client, executionId, { follow: false })) await timeline.read(event);
  const { execution, ended } = timeline;
  if (execution === undefined || ended === undefined) return refused('the execution has not ended');
  const rule = await rulebook.rule(workspace, execution.rule.id);
  if (rule === undefined) return refused(`rule ${execution.rule.id} was deleted`);
  const restarted = from === 'start' ? fromStart(execution, rule) : fromStep(execution, timeline, rule, from);
  if (typeof restarted === 'string') return refused(restarted);
  const { executionId: restartedAs } = restarted;
  if (await startExecution(client, restarted, { requestId, tracer })) return { outcome: 'done', restartedAs };
  return { ...refused('it was restarted before'), restartedAs };
}

function refused(reason: string) {
  return { outcome: 'refused' as const, reason };
}

/** What a restart has in common with what it makes good. */
function again(execution: RuleExecution, { rule, version }: VersionedRule): RuleExecution {
  return {
    ...execution,
    executionId: restartIdOf(execution.executionId),
    rule: { id: rule.id, version, name: rule.name },
    retryDelaysMs: rule.retry_schedule,
  };
}

function fromStart(execution: RuleExecution, current: VersionedRule): RuleExecution {
  return {
    ...again(execution, current),
    steps: stepReferences(current.rule),
    restart: { of: execution.executionId, fromStep: 0, earlier: [] },
  };
}

/** @returns why there is none */
function fromStep(
  execution: RuleExecution,
  { calls }: ExecutionTimeline,
  current: VersionedRule,
  from: Exclude<RestartRequest['from'], 'start'>,
): RuleExecution | string {
  if (from !== 'failed' && !execution.steps.some(({ id }) => id === from.step)) return 'it has no such step';
  const kept = execution.restart;
  const earlier: CalledWebhook[] = [];
  for (const [index, { id: step }] of execution.steps.entries()) {
    const isKept = kept !== undefined && index < kept.fromStep;
    const last = calls.findLast(({ input }) => input.stepId === step)?.outcome;
    const isDone = isKept || (typeof last === 'object' && ('response' in last || 'skipped' in last));
    if (from === 'failed' ? !isDone : from.step === step) {
      return {
        ...again(execution, current),
        restart: { of: execution.executionId, fromStep: index, earlier },
      };
    }
    if (!isDone) return `step ${step}, before it, was not delivered`;
    if (isKept) earlier.push(...kept.earlier.filter((called) => called.step === step));
    else if (typeof last === 'object' && 'response' in last)
      earlier.push({ step, url: last.url, response: last.response });
  }
  return 'each of its steps was delivered or skipped';
}
