import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { DeliveredAttempt, SkippedStep } from '../shared/called-webhook';
import type { Escalation, RuleExecution } from '../shared/execution';
import type { Hold } from '../shared/hold';
import { displayUrl } from '../shared/display';
import { parseUrl } from '../shared/parse-url';
import { keyword, RULE_DESTINATION, RULE_NEXT_RETRY, RULE_STATUS } from '../shared/search-attributes';
import type { AttemptFailure } from '../shared/attempt-failure';
import { executionDetails } from './execution-details';
import type { AttemptReport, ExecutionReport } from './messages';
import type { ExecutionStatus } from '../shared/execution-status';
import type { Retry } from './retry-schedule';

/**
 * What people see of an execution while it runs: the query's answer, the details in the Temporal UI, and the search
 * attributes. These are written on the failure path only: a straight success stays the shortest history there is.
 */
export class Progress {
  readonly report: ExecutionReport;
  private searchable = false;
  /** The origin of the call that failed last, or is held. */
  private destination: string | undefined;

  constructor({ executionId, rule, event, message, steps, restart }: RuleExecution) {
    this.report = {
      executionId,
      rule,
      event,
      ...(message.domain !== undefined && { domain: message.domain }),
      createdAt: workflowInfo().startTime.toISOString(),
      status: 'delivering',
      ...(restart && { restartOf: restart.of }),
      steps: steps.map(({ id, target }, index) => ({
        id,
        target,
        ...(restart && index < restart.fromStep && { kept: true as const }),
        attempts: [],
      })),
    };
  }

  delivered(step: number, { url, startedAt, durationMs, response }: DeliveredAttempt): void {
    const { status, body } = response;
    this.attempted(step, { url: displayUrl(url), startedAt, durationMs, status, bytes: body.bytes });
  }

  /** The answer's headers and body stay in the failed activity: a report of 200 attempts must fit into one payload. */
  failed(step: number, { url, startedAt, durationMs, status, error }: AttemptFailure): void {
    this.destination = parseUrl(url ?? this.report.steps[step]?.target ?? '')?.origin;
    this.attempted(step, { url: url && displayUrl(url), startedAt, durationMs, status, error });
  }

  skipped(step: number, { skipped }: SkippedStep): void {
    Object.assign(this.report.steps[step] ?? {}, { skipped });
  }

  waiting({ number, of, at }: Retry): void {
    this.become('waiting_for_retry', { nextRetry: { number, of, at: new Date(at).toISOString() } });
    this.makeSearchable();
  }

  /** @param times milliseconds since 1970 */
  held({ reason, origin }: Hold, times: { looksAgainAt: number; until: number }): void {
    this.destination = origin;
    const looksAgainAt = new Date(times.looksAgainAt).toISOString();
    this.become('held', { hold: { reason, looksAgainAt, until: new Date(times.until).toISOString() } });
    this.makeSearchable();
  }

  paused(): void {
    this.become('paused');
    this.makeSearchable();
  }

  trying(): void {
    this.become('delivering');
  }

  escalating(): void {
    this.become('escalating');
    this.makeSearchable();
  }

  /** Ends the execution, and makes the ending searchable unless it is a success that never waited. */
  ended(
    status: 'delivered' | 'escalated' | 'cancelled' | 'abandoned' | 'failed',
    how: { escalation?: Escalation; reason?: string } = {},
  ): ExecutionReport {
    Object.assign(this.report, how);
    this.become(status);
    if (status !== 'delivered' || this.searchable) this.makeSearchable();
    return this.report;
  }

  /** What became of an attempt is shown with what follows from it, in the same moment. */
  private attempted(step: number, attempt: AttemptReport): void {
    this.report.steps[step]?.attempts.push(attempt);
  }

  private become(
    status: ExecutionStatus,
    { nextRetry, hold }: Pick<ExecutionReport, 'nextRetry' | 'hold'> = {},
  ): void {
    this.report.status = status;
    delete this.report.nextRetry;
    delete this.report.hold;
    Object.assign(this.report, { ...(nextRetry && { nextRetry }), ...(hold && { hold }) });
    setCurrentDetails(executionDetails(this.report));
  }

  private makeSearchable(): void {
    const { status, nextRetry } = this.report;
    upsertSearchAttributes([
      { key: RULE_STATUS, value: status },
      { key: RULE_NEXT_RETRY, value: nextRetry ? new Date(nextRetry.at) : null },
      ...(this.destination === undefined
        ? []
        : [{ key: RULE_DESTINATION, value: keyword(this.destination) }]),
    ]);
    this.searchable = true;
  }
}
