import { groupBy } from '../../../../src/store/lists';
import type { Ledgers, ReceivedCall } from '../ledgers';
import { answerTo } from '../scenario';
import { mayRepeatCalls, overlaps } from './faults';
import type { Violation } from './violation';

/** A call that was interrupted had come in a moment before the fault. Milliseconds. */
const BEFORE_MS = 250;

export interface CallFigures {
  calls: number;
  /** Calls that were sent again with the same number of retries: nobody knew how they had gone. */
  repeated: number;
}

/** No finished step is called again, an interrupted call is sent at most once more for each fault, and each carries what came before. */
export function checkCalls({ seed, calls, executions, faults }: Ledgers): {
  violations: Violation[];
  figures: CallFigures;
} {
  const violations: Violation[] = [];
  const figures: CallFigures = { calls: calls.length, repeated: 0 };
  const byExecution = groupBy(calls, ({ executionId }) => executionId);
  const interrupting = faults.filter(mayRepeatCalls);
  for (const { id, endedAt } of executions) {
    const own = byExecution.get(id) ?? [];
    byExecution.delete(id);
    violations.push(...callsAfterFinish(own, endedAt));
    for (const [attempt, same] of groupBy(own, ({ step, retries }) => `step ${step + 1}, retry ${retries}`)) {
      figures.repeated += same.length - 1;
      const times = same.map(({ at }) => at);
      const [first, last] = [Math.min(...times), Math.max(...times)];
      const allowed = interrupting
        .filter((fault) => overlaps(fault, first - BEFORE_MS, last))
        .reduce((sum, { strikes }) => sum + strikes, 0);
      if (same.length - 1 > allowed) {
        violations.push({
          kind: 'repeated-call',
          what: `${id} ${attempt}: sent ${same.length} times within ${last - first} ms, beside ${allowed} interruptions`,
        });
      }
    }
    violations.push(...own.filter((call) => !carriesRightly(seed, call)).map(wronglyCarried));
  }
  for (const [id, own] of byExecution) {
    violations.push({
      kind: 'unasked-execution',
      what: `${own.length} calls of ${id}, which the API does not know`,
    });
  }
  return { violations, figures };
}

/** A step is finished when the next one is called; the last one when the execution ends. */
function callsAfterFinish(calls: readonly ReceivedCall[], endedAt = Infinity): Violation[] {
  return calls
    .filter((call) => {
      const later = calls.filter(({ step }) => step > call.step).map(({ at }) => at);
      return call.at > Math.min(endedAt, ...later);
    })
    .map(({ executionId, step, retries }) => ({
      kind: 'call-after-finish',
      what: `${executionId} step ${step + 1} was called (retry ${retries}) after it was finished`,
    }));
}

function carriesRightly(seed: number, { executionId, step, carried }: ReceivedCall): boolean {
  const wanted = Array.from(
    { length: step },
    (_, earlier) => answerTo(seed, { executionId, step: earlier, retries: 0 }, 'well').body,
  );
  return JSON.stringify(carried) === JSON.stringify(wanted);
}

function wronglyCarried({ executionId, step, carried }: ReceivedCall): Violation {
  return {
    kind: 'wrong-carried-answers',
    what: `${executionId} step ${step + 1} had ${JSON.stringify(carried)}`,
  };
}
