import { CancellationScope, sleep } from '@temporalio/workflow';
import type { DisabledDestination, DisablingReport } from '../../../src/shared/disabled-destination';
import type { EventDispatch, StartedBatch } from '../../../src/shared/event-dispatch';
import type { DigestReport, EscalationDigest } from '../../../src/shared/escalations';
import type { RuleExecution } from '../../../src/shared/execution';
import type { AddressedNotice, NoticeReport } from '../../../src/shared/notices';
import type { RecoveredDestination, RecoveryReport } from '../../../src/shared/recovered-destination';
import { disableDestination as compatibleDisabling } from '../../../src/workflows/disable-destination';
import type { BulkOperation, BulkProgress } from '../../../src/shared/bulk-operation';
import { bulkOperation as compatibleBulk } from '../../../src/workflows/bulk-operation';
import { dispatchEvent as compatibleDispatch } from '../../../src/workflows/dispatch-event';
import { escalationDigest as compatibleDigest } from '../../../src/workflows/escalation-digest';
import { executeRule as compatible } from '../../../src/workflows/execute-rule';
import { announceRecovery as compatibleRecovery } from '../../../src/workflows/announce-recovery';
import { sendNotice as compatibleNotice } from '../../../src/workflows/send-notice';
import type { RunReport, ScheduledRun } from '../../../src/shared/scheduled-run';
import { runSchedule as compatibleRun } from '../../../src/workflows/run-schedule';
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

export async function disableDestination(destination: DisabledDestination): Promise<DisablingReport> {
  await somethingElse();
  return compatibleDisabling(destination);
}

export async function bulkOperation(operation: BulkOperation): Promise<BulkProgress> {
  await somethingElse();
  return compatibleBulk(operation);
}

export async function escalationDigest(digest: EscalationDigest): Promise<DigestReport> {
  await somethingElse();
  return compatibleDigest(digest);
}

export async function sendNotice(notice: AddressedNotice): Promise<NoticeReport> {
  await somethingElse();
  return compatibleNotice(notice);
}

export async function announceRecovery(recovered: RecoveredDestination): Promise<RecoveryReport> {
  await somethingElse();
  return compatibleRecovery(recovered);
}

export async function runSchedule(run: ScheduledRun): Promise<RunReport> {
  await somethingElse();
  return compatibleRun(run);
}
