import { check } from './checker';
import type { ViolationKind } from './checks/violation';
import type { FoundExecution, InjectedFault, Ledgers, ReceivedCall } from './ledgers';
import { answerTo, OWNER, ruleOf } from './scenario';

const SEED = 1;
const BEGIN = 1_000_000;
const PACE_MS = 50;

/** An execution of a rule whose first attempts were made as the script has it, with each retry at its place, and its calls. */
function scripted(
  ruleId: string,
  id = `execution-of-${ruleId}`,
): { execution: FoundExecution; calls: ReceivedCall[] } {
  const { steps: receives, delaysMs } = ruleOf(ruleId);
  const calls: ReceivedCall[] = [];
  const steps: FoundExecution['steps'] = receives.map(() => []);
  let now = BEGIN;
  let isGivenUp = false;
  for (const [step, receive] of receives.entries()) {
    let place = now;
    for (let retries = 0; !isGivenUp; retries += 1) {
      const { status } = answerTo(SEED, { executionId: id, step, retries }, receive);
      const carried = receives
        .slice(0, step)
        .map((_, earlier) => answerTo(SEED, { executionId: id, step: earlier, retries: 0 }, 'well').body);
      calls.push({ at: place + 1, executionId: id, step, retries, carried, status });
      steps[step]?.push({ startedAt: place, durationMs: PACE_MS, status });
      now = place + 2 * PACE_MS;
      if (status === 200) break;
      isGivenUp = retries === delaysMs.length;
      place += delaysMs[retries] ?? 0;
    }
  }
  const status = isGivenUp ? 'escalated' : 'delivered';
  return { calls, execution: { id, ruleId, eventId: 'evt-1', status, endedAt: now, steps } };
}

/** What is on record of one event of a rule, when all went well. */
function ledgersOf(ruleId: string): Ledgers & { execution: FoundExecution } {
  const { execution, calls } = scripted(ruleId);
  const answer = { at: BEGIN, status: 202, executionIds: [execution.id] };
  const mails =
    execution.status === 'escalated' ? [{ recipients: [OWNER], text: `see ${execution.id}` }] : [];
  return {
    seed: SEED,
    events: [{ id: 'evt-1', type: ruleOf(ruleId).eventType, answers: [answer] }],
    ...{ calls, execution, mails },
    executions: [execution],
    faults: [],
  };
}

const found = (ledgers: Ledgers): ViolationKind[] => check(ledgers).violations.map(({ kind }) => kind);

/** @param from milliseconds after the beginning */
const fault = (target: string, from: number, to = from + 10): InjectedFault => ({
  ...{ kind: 'kill', target, strikes: 1 },
  from: BEGIN + from,
  to: BEGIN + to,
});

function only<T>(items: readonly T[]): T {
  const [first] = items;
  if (first === undefined) throw new Error('there is none');
  return first;
}

describe('the checker finds nothing', () => {
  it.each(['single', 'chain', 'flaky', 'flaky-chain', 'dead', 'dead-end'])(
    'when rule %s went well',
    (ruleId) => {
      expect(found(ledgersOf(ruleId))).toEqual([]);
    },
  );

  it.each([
    ['its worker was killed', 'worker'],
    ['one of two workers was killed', 'worker-2'],
    ['one of two workers lost Temporal', 'worker-2-temporal'],
    ['the PostgreSQL that Temporal has too was killed', 'shared-postgres'],
  ])('when a call was sent again because %s', (_reason, target) => {
    const ledgers = ledgersOf('single');
    const call = only(ledgers.calls);
    const attempt = only(ledgers.execution.steps.flat());
    call.at -= 15_000;
    expect(
      found({
        ...ledgers,
        calls: [call, { ...call, at: attempt.startedAt }],
        faults: [fault(target, -15_000)],
      }),
    ).toEqual([]);
  });

  it('when an event that was refused was started in whole', () => {
    const ledgers = ledgersOf('single');
    only(ledgers.events).answers = [{ at: BEGIN, status: 503, executionIds: [] }];
    expect(found(ledgers)).toEqual([]);
    expect(check(ledgers).events).toEqual({ accepted: 0, givenUp: 1, startedAfterRefusal: 1 });
  });

  it('when a worker that came up after a kill waited in vain for an answer', () => {
    const ledgers = ledgersOf('dead');
    const attempt = only(ledgers.execution.steps.flat());
    Object.assign(attempt, { status: undefined, durationMs: 5_001 });
    expect(found({ ...ledgers, faults: [fault('worker', -1_000, 100)] })).toEqual([]);
  });

  it('when a retry waited for a fault to end', () => {
    const ledgers = withLateRetry(20_000);
    expect(found({ ...ledgers, faults: [fault('worker', 5_500, 24_000)] })).toEqual([]);
  });

  it('when a retry waited for its workflow task, which was lost with its worker many times', () => {
    const crashLoop = { ...fault('worker', 5_500, 24_000), strikes: 9 };
    expect(found({ ...withLateRetry(100_000), faults: [crashLoop] })).toEqual([]);
  });
});

it('the checker does not take few losses of a workflow task for a reason to wait so long', () => {
  const crashLoop = { ...fault('worker', 5_500, 24_000), strikes: 3 };
  expect(found({ ...withLateRetry(100_000), faults: [crashLoop] })).toEqual(['late-retry']);
});

/** Of an execution that is given up, the last retry came so late. @param ms after its place */
function withLateRetry(ms: number): ReturnType<typeof ledgersOf> {
  const ledgers = ledgersOf('dead');
  const last = ledgers.execution.steps[0]?.at(-1);
  const call = ledgers.calls.at(-1);
  if (last) last.startedAt += ms;
  if (call) call.at += ms;
  ledgers.execution.endedAt = Infinity;
  return ledgers;
}

/** What is wrong, and how the ledgers show it. */
const wrongs: [
  wrong: string,
  rule: string,
  kind: ViolationKind,
  spoil: (ledgers: ReturnType<typeof ledgersOf>) => void,
][] = [
  [
    'an accepted event has no execution',
    'single',
    'lost-event',
    (l) => {
      l.executions = [];
      l.calls = [];
      only(l.events).answers = [{ at: 0, status: 202, executionIds: [] }];
    },
  ],
  ['an accepted event has one of its two executions', 'pair-a', 'lost-event', () => undefined],
  [
    'a refused event has one of its two executions',
    'pair-a',
    'half-started-event',
    (l) => {
      only(l.events).answers = [];
    },
  ],
  [
    'there is an execution of an event that nobody sent',
    'single',
    'unasked-execution',
    (l) => {
      l.executions.push({
        ...l.execution,
        id: 'x',
        eventId: 'evt-x',
        steps: [[]],
        status: 'tried 7 times (step 1)',
      });
    },
  ],
  [
    'a call belongs to no execution',
    'single',
    'unasked-execution',
    (l) => {
      l.calls.push({ ...only(l.calls), executionId: 'x' });
    },
  ],
  [
    'an event has two executions of a rule',
    'single',
    'double-execution',
    (l) => {
      const other = scripted('single', 'x');
      l.executions.push(other.execution);
      l.calls.push(...other.calls);
      only(only(l.events).answers).executionIds.push('x');
    },
  ],
  [
    'a sender was told of another execution',
    'single',
    'wrong-answer-to-sender',
    (l) => {
      only(only(l.events).answers).executionIds = ['x'];
    },
  ],
  [
    'an execution goes on for ever',
    'single',
    'unfinished-execution',
    (l) => {
      l.execution.endedAt = undefined;
      l.execution.status = 'delivering';
    },
  ],
  [
    'a delivered execution is called escalated',
    'single',
    'wrong-end',
    (l) => {
      l.execution.status = 'escalated';
      l.mails.push({ recipients: [OWNER], text: l.execution.id });
    },
  ],
  [
    'an execution was given up before its schedule was over',
    'dead',
    'wrong-end',
    (l) => {
      l.execution.steps[0]?.pop();
    },
  ],
  [
    'an answer is on record that nobody gave',
    'single',
    'unrecorded-call',
    (l) => {
      l.calls = [];
    },
  ],
  [
    'another answer is on record',
    'single',
    'unrecorded-call',
    (l) => {
      only(l.execution.steps.flat()).status = 201;
    },
  ],
  [
    'an attempt failed at once while its worker came up',
    'dead',
    'unexplained-failure',
    (l) => {
      only(l.execution.steps.flat()).status = undefined;
      l.faults.push(fault('worker', 0));
    },
  ],
  [
    'an attempt failed where nothing was in its way',
    'dead',
    'unexplained-failure',
    (l) => {
      only(l.execution.steps.flat()).status = undefined;
    },
  ],
  [
    'a step is called again when the next one was',
    'chain',
    'call-after-finish',
    (l) => {
      l.calls.push({ ...only(l.calls), at: (l.calls[1]?.at ?? 0) + 1 });
      l.faults.push(fault('worker', 20));
    },
  ],
  [
    'the last step is called again when the execution has ended',
    'single',
    'call-after-finish',
    (l) => {
      l.calls.push({ ...only(l.calls), at: (l.execution.endedAt ?? 0) + 1 });
      l.faults.push(fault('worker', 20));
    },
  ],
  [
    'a call is sent twice where nothing interrupted it',
    'single',
    'repeated-call',
    (l) => {
      l.calls.push({ ...only(l.calls), at: BEGIN + 20 });
    },
  ],
  [
    'a call is sent three times for one fault',
    'single',
    'repeated-call',
    (l) => {
      l.calls.push(...[20, 30].map((ms) => ({ ...only(l.calls), at: BEGIN + ms })));
      l.faults.push(fault('worker', 10));
    },
  ],
  [
    'a call is sent twice, and only the mail server was away',
    'single',
    'repeated-call',
    (l) => {
      l.calls.push({ ...only(l.calls), at: BEGIN + 20 });
      l.faults.push(fault('smtp', 10));
    },
  ],
  [
    'a call is sent twice, and only the store was away',
    'single',
    'repeated-call',
    (l) => {
      l.calls.push({ ...only(l.calls), at: BEGIN + 20 });
      l.faults.push(fault('postgres', 10));
    },
  ],
  [
    'a step is told another answer of an earlier one',
    'chain',
    'wrong-carried-answers',
    (l) => {
      const second = l.calls[1];
      if (second) second.carried = [{ answer: 'x' }];
    },
  ],
  [
    'a retry is made before its time',
    'flaky',
    'early-retry',
    (l) => {
      const retry = l.execution.steps[0]?.[1];
      const call = l.calls[1];
      if (retry && call) {
        retry.startedAt -= 500;
        call.at -= 500;
      }
    },
  ],
  [
    'a retry is made long after its time',
    'dead',
    'late-retry',
    (l) => {
      const last = l.execution.steps[0]?.at(-1);
      const call = l.calls.at(-1);
      if (last && call) {
        last.startedAt += 5_000;
        call.at += 5_000;
      }
      l.execution.endedAt = Infinity;
    },
  ],
  [
    'an escalated execution has no mail',
    'dead',
    'lost-mail',
    (l) => {
      l.mails = [];
    },
  ],
  [
    'an escalation was told to somebody else',
    'dead',
    'lost-mail',
    (l) => {
      only(l.mails).recipients = ['x@example.com'];
    },
  ],
];

it.each(wrongs)('the checker finds it when %s', (_wrong, ruleId, kind, spoil) => {
  const ledgers = ledgersOf(ruleId);
  spoil(ledgers);
  expect(found(ledgers)).toEqual([kind]);
});
