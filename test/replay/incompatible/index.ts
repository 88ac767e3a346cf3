import { CancellationScope, sleep } from '@temporalio/workflow';
import type { EventDispatch, StartedBatch } from '../../../src/shared/event-dispatch';
import type { RuleExecution } from '../../../src/shared/execution';
import { dispatchEvent as compatibleDispatch } from '../../../src/workflows/dispatch-event';
import { executeRule as compatible } from '../../../src/workflows/execute-rule';
import type { ExecutionReport } from '../../../src/workflows/messages';

/** The negative control: what no history was recorded with, a timer before all else, also of what was cancelled at once. */
function somethingElse(): Promise<void> {
  return CancellationScope.nonCancellable(() => sleep('1 second'));
}

export async function executeRule(execution: RuleExecution): Promise<ExecutionReport> {
  await somethingElse();
  return compatible(execution);
}

export async function dispatchEvent(dispatch: EventDispatch): Promise<StartedBatch> {
  await somethingElse();
  return compatibleDispatch(dispatch);
}
