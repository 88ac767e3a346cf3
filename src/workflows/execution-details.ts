import { markdownText } from '../shared/display';
import type { Escalation } from '../shared/execution';
import type { AttemptReport, ExecutionReport, StepReport } from './messages';
import type { ExecutionStatus } from '../shared/execution-status';

const headlines: Record<ExecutionStatus, string> = {
  delivering: 'Delivering',
  waiting_for_retry: 'Waiting for a retry',
  held: 'Held',
  paused: 'Paused',
  escalating: 'Failed; the e-mail to the owner is on its way',
  delivered: 'Delivered',
  escalated: 'Escalated to the owner',
  cancelled: 'Cancelled',
  abandoned: 'Abandoned',
  failed: 'Failed; the e-mail to the owner could not be sent',
};

/** The execution so far in Markdown, as the Temporal UI shows it under "current details". */
export function executionDetails(report: ExecutionReport): string {
  const { nextRetry, hold, escalation, reason } = report;
  const facts = [
    ...(nextRetry ? [`Retry ${nextRetry.number} of ${nextRetry.of} at ${nextRetry.at}.`] : []),
    ...(hold
      ? [`${markdownText(hold.reason)}. Looks again at ${hold.looksAgainAt}; given up at ${hold.until}.`]
      : []),
    ...(escalation ? [escalationFact(escalation)] : []),
    ...(reason !== undefined ? [markdownText(reason)] : []),
  ];
  const rows = report.steps.flatMap(rowsOf);
  return [
    `**${headlines[report.status]}**`,
    ...facts,
    '',
    '| step | URL | called at | answer |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function escalationFact({ to, sentAt, gatheredUntil }: Escalation): string {
  return sentAt === undefined
    ? `Listed in the e-mail that goes to ${markdownText(to)} at ${gatheredUntil}.`
    : `E-mail sent to ${markdownText(to)} at ${sentAt}.`;
}

function rowsOf({ target, attempts, skipped }: StepReport, index: number): string[] {
  const row = (url: string, at: string, what: string) =>
    `| ${index + 1} | ${markdownText(url)} |${at === '' ? '' : ` ${at}`} | ${what} |`;
  const rows = attempts.map((attempt, nth) =>
    row(attempt.url ?? target, attempt.startedAt ?? '', markdownText(answer(attempt, nth))),
  );
  if (skipped !== undefined) rows.push(row(target, '', `skipped: ${markdownText(skipped)}`));
  return rows.length === 0 ? [row(target, '', 'not called yet')] : rows;
}

function answer({ error, status, durationMs }: AttemptReport, nth: number): string {
  const retry = nth === 0 ? '' : ` (retry ${nth})`;
  const time = durationMs === undefined ? '' : ` in ${durationMs} ms`;
  return `${error ?? status ?? ''}${time}${retry}`;
}
