import type { Execution, ExecutionStep } from '../../api/types';
import { AttemptRow } from './attempt-row';
import { RestartStep } from './restart-step';
import { RetrySchedule } from './retry-schedule';

const STATES: Record<ExecutionStep['state'], { label: string; tone: string }> = {
  pending: { label: 'To come', tone: 'calm' },
  kept: { label: 'Kept', tone: 'good' },
  delivering: { label: 'Delivering', tone: 'info live' },
  waiting_for_room: { label: 'Waiting for room', tone: 'warn' },
  waiting_for_retry: { label: 'Waiting for retry', tone: 'warn' },
  held: { label: 'Held', tone: 'warn' },
  delivered: { label: 'Delivered', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  skipped: { label: 'Skipped', tone: 'calm' },
};

/** A step of the chain, with each of its attempts and what it handed on. */
export function StepCard({
  step,
  index,
  execution,
}: {
  step: ExecutionStep;
  index: number;
  execution: Execution;
}) {
  const { label, tone } = STATES[step.state];
  const isLast = index === execution.steps.length - 1;
  return (
    <li class={`chain-step ${tone}`}>
      <section class="card" aria-labelledby={`step-${index}`}>
        <div class="card-head">
          <h2 id={`step-${index}`} class="row grow">
            <span class="faint">{index + 1}</span> {step.id}
            <span class="mono muted break step-target">{step.target}</span>
          </h2>
          <span class={`badge ${tone}`}>{label}</span>
          <RestartStep execution={execution} index={index} />
        </div>
        {step.reason !== null && <p class="card-body muted">{step.reason}</p>}
        {step.schedule.length > 0 && (
          <RetrySchedule schedule={step.schedule} isOver={step.state === 'delivered'} />
        )}
        {step.attempts.map((attempt, place) => (
          <AttemptRow
            key={`${attempt.number}-${place}`}
            attempt={attempt}
            isOpen={
              place === step.attempts.length - 1 && step.attempts.length > 0 && step.state !== 'delivered'
            }
            stepIndex={index}
            executionId={execution.execution_id}
          />
        ))}
        {step.answer !== null && !isLast && (
          <p class="card-foot faint">
            Handed on to the next step: status {step.answer.status} and{' '}
            {step.answer.body_bytes.toLocaleString()} bytes
            {step.answer.truncated && ', truncated'}
          </p>
        )}
      </section>
    </li>
  );
}
