import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Execution } from '../support/executions';
import { untilStatus } from '../support/executions';
import type { Answer } from '../support/receiver';
import { down, large, shipped, up, type Lab, type Scenario } from './scenarios';

/** Longer than a call is quick. Milliseconds. */
const SLOW_MS = 150;

const slowly =
  (answer: Answer): Answer =>
  (request, response) => {
    void delay(SLOW_MS).then(() => {
      answer(request, response);
    });
  };

/** Cancels an execution while its first call, which is delivered, is on its way. */
async function cancelledDuringCall(
  lab: Lab,
  { takesMs, steps }: { takesMs: number; steps: number },
): Promise<Execution> {
  let waiting: ServerResponse | undefined;
  const execution = await lab.trigger(
    [
      (_request, response) => {
        waiting = response;
      },
    ],
    { steps },
  );
  await lab.receiver.received(1);
  await execution.cancel();
  await delay(takesMs);
  waiting?.writeHead(200).end();
  return execution;
}

const scenarios: Scenario[] = [
  {
    case: 'success',
    shows: 'one step, delivered at once',
    clock: 'real',
    run: (lab) => lab.trigger([up]),
  },
  {
    case: 'success-slowly',
    shows:
      'one step, delivered at once, by a receiver that takes its time: the answer is on record before what follows',
    clock: 'real',
    run: (lab) => lab.trigger([slowly(up)]),
  },
  {
    case: 'chain-of-three',
    shows: 'three steps, of which the first is delivered at once',
    clock: 'real',
    run: (lab) => lab.trigger([shipped(1), shipped(2), shipped(3)], { steps: 3 }),
  },
  {
    case: 'large-chain',
    shows: 'a first answer, at once, too large to be carried: the later steps read it from history',
    clock: 'real',
    run: (lab) => lab.trigger([large, shipped(2), shipped(3)], { steps: 3 }),
  },
  {
    case: 'success-on-first-retry',
    shows: 'a first call that fails at once and is recorded as an activity, a wait of 6 min, a delivery',
    clock: 'skipped',
    run: (lab) => lab.trigger([down, up]),
  },
  {
    case: 'escalated',
    shows: 'all six calls fail, the first at once: the owner gets the e-mail 36 h after it',
    clock: 'skipped',
    run: (lab) => lab.trigger([down]),
  },
  {
    case: 'failed-without-an-escalation',
    shows: 'the first call fails at once, there are no retries, and the mail server refuses for 30 days',
    clock: 'skipped',
    async run(lab) {
      lab.mail = async () => {
        throw new Error('451 try again later');
      };
      return lab.trigger([down], { retry_schedule: [] });
    },
  },
  {
    case: 'skipped-step',
    shows: 'the condition of the first of two steps does not hold, as is found at once',
    clock: 'real',
    run: (lab) => lab.trigger([up], { steps: 2, each: [{ if: { 'trigger.current.score': { $lt: 50 } } }] }),
  },
  {
    case: 'left-to-an-activity',
    shows: 'the store is away for a moment: the first call is not made at once, but by an activity',
    clock: 'real',
    async run(lab) {
      jest.spyOn(lab.executions.rulebook, 'rule').mockRejectedValueOnce(new Error('the store is away'));
      return lab.trigger([up]);
    },
  },
  {
    case: 'held',
    shows:
      'the rule is paused: the first call is not made at once, the activity holds it, and it is cancelled',
    clock: 'real',
    async run(lab) {
      const execution = await lab.trigger([up], { paused_at: '2026-01-01T00:00:00.000Z' });
      await untilStatus(execution, 'held');
      await execution.cancel();
      return execution;
    },
  },
  {
    case: 'abandoned',
    shows: 'the rule is deleted before its execution begins',
    clock: 'real',
    async run(lab) {
      await lab.executions.stop();
      const execution = await lab.trigger([up]);
      await lab.startWorker();
      lab.deleteRule();
      return execution;
    },
  },
  {
    case: 'cancelled-during-a-quick-call',
    shows:
      'cancelled during a call that ends sooner than that is heard of: the workflow task is run again, without a call',
    clock: 'real',
    run: (lab) => cancelledDuringCall(lab, { takesMs: 0, steps: 1 }),
  },
  {
    case: 'cancelled-during-a-slow-call-of-a-chain',
    shows: 'cancelled during the first of two calls: it is delivered, the second is not made',
    clock: 'real',
    run: (lab) => cancelledDuringCall(lab, { takesMs: SLOW_MS, steps: 2 }),
  },
  {
    case: 'cancelled-too-late',
    shows: 'cancelled during the only call, which is delivered: so the execution ends as delivered',
    clock: 'real',
    run: (lab) => cancelledDuringCall(lab, { takesMs: SLOW_MS, steps: 1 }),
  },
];

/** Since the first attempt is made at once, within the workflow task that begins the execution. */
export const atOnceScenarios = scenarios.map((scenario) => ({ ...scenario, version: 'v2' as const }));
