import { CancelledFailure, continueAsNew, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { SCHEDULED_START_TIME } from '../shared/search-attributes';
import { MAX_BATCHES_PER_RUN } from '../shared/limits';
import type { RunBatch, RunBatchRequest, RunReport, ScheduledRun } from '../shared/scheduled-run';
import { startScheduledRuns } from './activity-proxies';
import { isCancelled } from './cancellation';

/**
 * Starts the executions of one run of a rule with a schedule: one for each scorecard of its group, or one alone. Their ids
 * follow from the time at which the run was due, so a batch that is repeated, or a backfill, starts nothing twice.
 */
export async function runSchedule({ soFar, ...rule }: ScheduledRun): Promise<RunReport> {
  const report = soFar?.report ?? { dueAt: dueAt(), started: 0, existed: 0 };
  let after = soFar?.after;
  for (let batches = 1; ; batches += 1) {
    const batch = await startBatch({ ...rule, dueAt: report.dueAt, ...(after !== undefined && { after }) });
    report.started += batch.started;
    report.existed += batch.existed;
    if (batch.withoutRule) report.withoutRule = true;
    tell(report);
    ({ after } = batch);
    if (after === undefined) return report;
    if (batches >= MAX_BATCHES_PER_RUN || workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof runSchedule>({ ...rule, soFar: { report, after } });
    }
  }
}

function dueAt(): string {
  const { typedSearchAttributes, startTime } = workflowInfo();
  return (typedSearchAttributes.get(SCHEDULED_START_TIME) ?? startTime).toISOString();
}

function tell({ dueAt: due, started, existed, withoutRule }: RunReport): void {
  const before = existed > 0 ? `, ${existed} were there before` : '';
  const gone = withoutRule ? ' The rule has no schedule any more.' : '';
  setCurrentDetails(`Due at ${due}: ${started} executions are started${before}.${gone}`);
}

async function startBatch(request: RunBatchRequest): Promise<RunBatch> {
  try {
    return await startScheduledRuns(request);
  } catch (error) {
    if (isCancelled(error)) throw new CancelledFailure('the run was cancelled');
    throw error;
  }
}
