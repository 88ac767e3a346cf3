import { sleep } from '@temporalio/workflow';
import { executeRule as compatible } from '../../../src/workflows/execute-rule';
import type { ExecutionReport } from '../../../src/workflows/messages';
import type { RuleExecution } from '../../../src/shared/execution';

/** The negative control: what no history was recorded with, a timer before the first call. */
export async function executeRule(execution: RuleExecution): Promise<ExecutionReport> {
  await sleep('1 second');
  return compatible(execution);
}
