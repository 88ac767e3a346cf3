import type { PlannedRetry } from '../../api/types';
import { localTime, Time } from '../../ui/time';

const WORDS: Record<PlannedRetry['state'], string> = {
  made: 'made',
  due: 'next',
  to_come: 'to come',
  not_needed: 'not needed',
};

/** The retries of a step: those that were made, the next one, and those to come. Then comes the e-mail. */
export function RetrySchedule({ schedule, isOver }: { schedule: readonly PlannedRetry[]; isOver: boolean }) {
  if (schedule.every(({ state }) => state === 'not_needed')) return null;
  return (
    <ol class="retries" role="list" aria-label="Retry schedule">
      {schedule.map(({ number, planned_at: plannedAt, made_at: madeAt, state }) => (
        <li key={number} class={`retry ${state}`}>
          <span class="retry-dot" aria-hidden="true" />
          <span class="retry-name">
            Retry {number} <span class="visually-hidden">{WORDS[state]}</span>
          </span>
          <span class="faint" title={localTime(madeAt ?? plannedAt)}>
            {state === 'not_needed' ? 'not needed' : <Time at={madeAt ?? plannedAt} />}
          </span>
        </li>
      ))}
      {!isOver && (
        <li class="retry to_come">
          <span class="retry-dot" aria-hidden="true" />
          <span class="retry-name">E-mail</span>
          <span class="faint">to the owner</span>
        </li>
      )}
    </ol>
  );
}
