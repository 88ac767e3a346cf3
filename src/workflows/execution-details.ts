import { markdownText } from '../shared/display';
import type { AttemptReport, ExecutionReport, ExecutionStatus } from './messages';

const headlines: Record<ExecutionStatus, string> = {
  delivering: 'Delivering',
  waiting_for_retry: 'Waiting for a retry',
  escalating: 'Failed; the e-mail to the owner is on its way',
  delivered: 'Delivered',
  escalated: 'Escalated to the owner',
  cancelled: 'Cancelled',
  abandoned: 'Abandoned',
  failed: 'Failed; the e-mail to the owner could not be sent',
};

/** The execution so far in Markdown, as the Temporal UI shows it under "current details". */
export function executionDetails(report: ExecutionReport): string {
  const { nextRetry, escalation, reason } = report;
  const facts = [
    ...(nextRetry ? [`Retry ${nextRetry.number} of ${nextRetry.of} at ${nextRetry.at}.`] : []),
    ...(escalation ? [`E-mail sent to ${markdownText(escalation.to)} at ${escalation.sentAt}.`] : []),
    ...(reason !== undefined ? [markdownText(reason)] : []),
  ];
  const rows = report.steps.flatMap((step, index) =>
    step.attempts.length === 0
      ? [`| ${index + 1} | ${markdownText(step.target)} | | not called yet |`]
      : step.attempts.map(
          (attempt, nth) =>
            `| ${index + 1} | ${markdownText(attempt.url ?? step.target)} | ${attempt.startedAt ?? ''} | ${markdownText(answer(attempt, nth))} |`,
        ),
  );
  return [
    `**${headlines[report.status]}**`,
    ...facts,
    '',
    '| step | URL | called at | answer |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function answer({ error, status, durationMs }: AttemptReport, nth: number): string {
  const retry = nth === 0 ? '' : ` (retry ${nth})`;
  const time = durationMs === undefined ? '' : ` in ${durationMs} ms`;
  return `${error ?? status ?? ''}${time}${retry}`;
}
