import { useQuery } from '@tanstack/preact-query';
import { Link } from 'wouter-preact';
import { isNotFound } from '../../api/client';
import { executionQuery } from '../../api/executions';
import type { ExecutionStep } from '../../api/types';
import { Code } from '../../ui/code';
import { ErrorNote } from '../../ui/feedback';
import { StatusBadge } from '../../ui/status-badge';
import { duration, Time } from '../../ui/time';

/** How often a trial is looked at until it has ended or waits. Milliseconds. */
const LOOK_MS = 700;

/** An execution that was started a moment ago may not be found yet. */
const MAX_LOOKS = 20;

/** What became of a trial, as it happens. */
export function TrialResult({ executionId }: { executionId: string }) {
  const { data: execution, error } = useQuery({
    ...executionQuery(executionId),
    retry: (count, failure) => isNotFound(failure) && count < MAX_LOOKS,
    retryDelay: LOOK_MS,
    refetchInterval: ({ state }) => (state.data === undefined || isUnderWay(state.data) ? LOOK_MS : false),
  });
  if (execution === undefined) {
    return error === null ? <p role="status">Started …</p> : <ErrorNote error={error} />;
  }
  return (
    <div class="trial-result" role="status" aria-label="Result of the trial">
      <div class="row">
        <StatusBadge status={execution.status} />
        <span class="muted grow">
          {execution.next_retry_at !== null && (
            <>
              next try <Time at={execution.next_retry_at} />
            </>
          )}
        </span>
        <Link href={`/executions/${executionId}`}>Open the execution</Link>
      </div>
      <ol class="stack-small" role="list">
        {execution.steps.map((step) => (
          <StepResult key={step.id} step={step} />
        ))}
      </ol>
    </div>
  );
}

function isUnderWay({ status }: { status: string }): boolean {
  return status === 'delivering' || status === 'escalating';
}

function StepResult({ step }: { step: ExecutionStep }) {
  const attempt = step.attempts.at(-1);
  const outcome = attempt?.error ?? (attempt?.status == null ? step.reason : `HTTP ${attempt.status}`);
  return (
    <li class="stack-small">
      <div class="row">
        <b>{step.id}</b>
        <span class="muted">{step.state.replaceAll('_', ' ')}</span>
        <span class="break">{outcome}</span>
        {attempt?.duration_ms != null && <span class="faint numeric">{duration(attempt.duration_ms)}</span>}
      </div>
      {attempt?.response?.body !== undefined && attempt.response.body !== '' && (
        <Code text={attempt.response.body} label={`Answer to ${step.id}`} />
      )}
    </li>
  );
}
