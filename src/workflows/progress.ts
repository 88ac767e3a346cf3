import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { DeliveredAttempt } from '../shared/called-webhook';
import type { Escalation, RuleExecution } from '../shared/execution';
import { displayUrl } from '../shared/display';
import { RULE_NEXT_RETRY, RULE_STATUS } from '../shared/search-attributes';
import type { AttemptFailure } from './attempt-failure';
import { executionDetails } from './execution-details';
import type { AttemptReport, ExecutionReport, ExecutionStatus } from './messages';
import type { Retry } from './retry-schedule';

/**
 * What people see of an execution while it runs: the query's answer, the details in the Temporal UI, and the search
 * attributes. These are written on the failure path only: a straight success stays the shortest history there is.
 */
export class Progress {
  readonly report: ExecutionReport;
  private visible: ExecutionStatus | undefined;

  constructor({ executionId, rule, event, message, steps }: RuleExecution) {
    this.report = {
      executionId,
      rule,
      event,
      domain: message.domain,
      createdAt: workflowInfo().startTime.toISOString(),
      status: 'delivering',
      steps: steps.map(({ id, target }) => ({ id, target, attempts: [] })),
    };
    this.show();
  }

  delivered(step: number, { url, startedAt, durationMs, response }: DeliveredAttempt): void {
    const { status, body } = response;
    this.attempted(step, { url: displayUrl(url), startedAt, durationMs, status, bytes: body.bytes });
  }

  /** The answer's headers and body stay in the failed activity: a report of 200 attempts must fit into one payload. */
  failed(step: number, { url, startedAt, durationMs, status, error }: AttemptFailure): void {
    this.attempted(step, { url: url && displayUrl(url), startedAt, durationMs, status, error });
  }

  waiting({ number, of, at }: Retry): void {
    this.report.nextRetry = { number, of, at: new Date(at).toISOString() };
    this.become('waiting_for_retry');
    upsertSearchAttributes([
      { key: RULE_STATUS, value: 'waiting_for_retry' },
      { key: RULE_NEXT_RETRY, value: new Date(at) },
    ]);
    this.visible = 'waiting_for_retry';
  }

  trying(): void {
    delete this.report.nextRetry;
    this.become('delivering');
  }

  escalating(): void {
    this.become('escalating');
    this.makeVisible();
  }

  /** Ends the execution, and makes the ending searchable unless it is a success that never waited. */
  ended(
    status: 'delivered' | 'escalated' | 'cancelled' | 'abandoned' | 'failed',
    how: { escalation?: Escalation; reason?: string } = {},
  ): ExecutionReport {
    Object.assign(this.report, how);
    delete this.report.nextRetry;
    this.become(status);
    if (status !== 'delivered' || this.visible !== undefined) this.makeVisible();
    return this.report;
  }

  private attempted(step: number, attempt: AttemptReport): void {
    this.report.steps[step]?.attempts.push(attempt);
    this.show();
  }

  private become(status: ExecutionStatus): void {
    this.report.status = status;
    this.show();
  }

  private makeVisible(): void {
    const { status } = this.report;
    upsertSearchAttributes([
      { key: RULE_STATUS, value: status },
      { key: RULE_NEXT_RETRY, value: null },
    ]);
    this.visible = status;
  }

  private show(): void {
    setCurrentDetails(executionDetails(this.report));
  }
}
