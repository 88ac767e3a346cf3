import type { InjectedFault, Ledgers } from '../ledgers';
import { ruleOf } from '../scenario';
import { mayDelayCalls, mayRepeatCalls, overlaps, RECOVERY_MS, shadowedMs } from './faults';
import type { Violation } from './violation';

/** Rounding of two records. Milliseconds. */
const EARLY_MS = 20;

/** What an idle machine may add where no fault does; a busy one adds its own pace. Milliseconds. */
const LATE_MS = 3_000;

/** What has piled up during a fault is made up for at the machine's pace: this many times as long as one start takes. */
const CATCHING_UP = 4;

/**
 * Temporal waits for a workflow task that was lost three times in a row for longer and longer: from 5 s on, twice as long each
 * time, up to what `deploy/temporal/dynamic-config.yaml` says. Milliseconds.
 */
const PATIENT_LOSSES = 3;
const FIRST_TASK_WAIT_MS = 5_000;
const LONGEST_TASK_WAIT_MS = 60_000;

export interface RetryFigures {
  retries: number;
  /** Of these, those on which no fault had any influence. */
  undisturbed: number;
  /** How late the latest of these was. Milliseconds. */
  latestMs: number;
  /** The machine's pace: the longest time from an event's 202 to an execution's first call where no fault had any influence. */
  paceMs: number;
}

/**
 * A retry has its place in time, counted from its step's first attempt. None is made before it; it is made after it by no more
 * than faults explain. Where a place had passed already, its own delay counts from the attempt before it.
 */
export function checkRetries({ events, calls, executions, faults }: Ledgers): {
  violations: Violation[];
  figures: RetryFigures;
} {
  const violations: Violation[] = [];
  const delaying = faults.filter(mayDelayCalls);
  const paceMs = slowestStart({ events, calls }, delaying);
  const recoveryMs = RECOVERY_MS + CATCHING_UP * paceMs;
  const figures: RetryFigures = { retries: 0, undisturbed: 0, latestMs: 0, paceMs };
  for (const { id, ruleId, steps } of executions) {
    const { delaysMs } = ruleOf(ruleId);
    for (const [step, attempts] of steps.entries()) {
      const [first] = attempts;
      let place = first?.startedAt ?? 0;
      for (const [index, { startedAt }] of attempts.slice(1).entries()) {
        const before = attempts[index];
        const delay = delaysMs[index] ?? 0;
        place += delay;
        figures.retries += 1;
        const what = `${id} (${ruleId}) step ${step + 1}, retry ${index + 1}`;
        if (startedAt < place - EARLY_MS) {
          violations.push({ kind: 'early-retry', what: `${what}: ${place - startedAt} ms too early` });
        }
        const failedAt = (before?.startedAt ?? 0) + (before?.durationMs ?? 0);
        const due = place > failedAt ? place : failedAt + delay;
        const lateMs = startedAt - due;
        const shadowMs = shadowedMs(delaying, [first?.startedAt ?? 0, startedAt], recoveryMs);
        const taskWaitMs = longestTaskWait(faults, [first?.startedAt ?? 0, startedAt]);
        if (lateMs - shadowMs > LATE_MS + paceMs + taskWaitMs) {
          violations.push({
            kind: 'late-retry',
            what: `${what}: ${lateMs} ms too late, of which faults explain ${shadowMs}`,
          });
        }
        if (shadowMs === 0) {
          figures.undisturbed += 1;
          figures.latestMs = Math.max(figures.latestMs, lateMs);
        }
      }
    }
  }
  return { violations, figures };
}

/** How long the execution may have waited for its workflow task when all faults were over. Milliseconds. */
function longestTaskWait(faults: readonly InjectedFault[], [begin, end]: readonly [number, number]): number {
  const losses = faults
    .filter((fault) => mayRepeatCalls(fault) && overlaps(fault, begin, end))
    .reduce((sum, { strikes }) => sum + strikes, 0);
  if (losses <= PATIENT_LOSSES) return 0;
  return Math.min(LONGEST_TASK_WAIT_MS, FIRST_TASK_WAIT_MS * 2 ** (losses - PATIENT_LOSSES - 1));
}

/** A machine that takes seconds to start an execution is as late with its retries, which is no fault of the service. */
function slowestStart(
  { events, calls }: Pick<Ledgers, 'events' | 'calls'>,
  delaying: readonly InjectedFault[],
): number {
  const firstCalls = new Map<string, number>();
  for (const { executionId, at } of calls) {
    firstCalls.set(executionId, Math.min(at, firstCalls.get(executionId) ?? Infinity));
  }
  const starts = events.flatMap(({ answers }) => {
    const accepted = answers.find(({ status }) => status === 202);
    return (accepted?.executionIds ?? []).map((id) => ({
      from: accepted?.at ?? 0,
      to: firstCalls.get(id) ?? 0,
    }));
  });
  const undisturbed = starts.filter(({ from, to }) => shadowedMs(delaying, [from, to]) === 0);
  return Math.max(0, ...undisturbed.map(({ from, to }) => to - from));
}
