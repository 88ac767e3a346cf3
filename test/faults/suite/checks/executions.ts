import { groupBy } from '../../../../src/store/lists';
import type { FoundExecution, Ledgers, RecordedAttempt, ReceivedCall } from '../ledgers';
import { answerTo, ruleOf } from '../scenario';
import { mayFailCall, overlaps } from './faults';
import type { Violation } from './violation';

/** Between the clock of a record and that of the receiver, which are one machine's. Milliseconds. */
const CLOCK_MS = 100;

/** Each execution ended, as its receivers' answers say it should, and its record says what the receiver says. */
export function checkExecutions(ledgers: Ledgers): Violation[] {
  const calls = groupBy(ledgers.calls, ({ executionId }) => executionId);
  return ledgers.executions.flatMap((execution) => {
    if (execution.endedAt === undefined) {
      return [{ kind: 'unfinished-execution' as const, what: `${nameOf(execution)} is ${execution.status}` }];
    }
    return [
      ...checkEnd(execution),
      ...execution.steps.flatMap((attempts, step) =>
        attempts.flatMap((attempt, retries) =>
          checkAttempt(ledgers, execution, { step, retries, attempt }, calls.get(execution.id) ?? []),
        ),
      ),
    ];
  });
}

function checkEnd(execution: FoundExecution): Violation[] {
  const wanted = endOf(execution);
  return wanted === execution.status
    ? []
    : [{ kind: 'wrong-end', what: `${nameOf(execution)} is ${execution.status}, and should be ${wanted}` }];
}

/** What its attempts come to. */
function endOf({ ruleId, steps }: FoundExecution): string {
  const { delaysMs, steps: wanted } = ruleOf(ruleId);
  for (const [index] of wanted.entries()) {
    const attempts = steps[index] ?? [];
    if (isDelivered(attempts.at(-1))) continue;
    if (attempts.length !== delaysMs.length + 1)
      return `tried ${delaysMs.length + 1} times (step ${index + 1})`;
    const later = steps.slice(index + 1).flat();
    return later.length === 0 ? 'escalated' : 'without later steps';
  }
  return 'delivered';
}

function isDelivered(attempt: RecordedAttempt | undefined): boolean {
  return attempt?.status !== undefined && attempt.status < 300;
}

/** An answer is the receiver's own; where there is none, a fault was in the way. */
function checkAttempt(
  { seed, faults }: Ledgers,
  execution: FoundExecution,
  { step, retries, attempt }: { step: number; retries: number; attempt: RecordedAttempt },
  calls: readonly ReceivedCall[],
): Violation[] {
  const { startedAt, durationMs, status } = attempt;
  const [begin, end] = [startedAt - CLOCK_MS, startedAt + durationMs + CLOCK_MS];
  const what = `${nameOf(execution)} step ${step + 1}, retry ${retries}`;
  if (status === undefined) {
    const isExplained = faults.some((fault) => mayFailCall(fault, durationMs) && overlaps(fault, begin, end));
    return isExplained ? [] : [{ kind: 'unexplained-failure', what: `${what}, at ${at(startedAt)}` }];
  }
  const receives = ruleOf(execution.ruleId).steps[step] ?? 'never';
  const scripted = answerTo(seed, { executionId: execution.id, step, retries }, receives).status;
  const isThere = calls.some(
    (call) => call.step === step && call.retries === retries && call.at >= begin && call.at <= end,
  );
  return isThere && status === scripted
    ? []
    : [
        {
          kind: 'unrecorded-call',
          what: `${what}: ${status} at ${at(startedAt)} is not what the receiver knows`,
        },
      ];
}

function nameOf({ id, ruleId }: FoundExecution): string {
  return `${id} (${ruleId})`;
}

function at(time: number): string {
  return new Date(time).toISOString();
}
