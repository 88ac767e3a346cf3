import { release, retryNow } from '../../src/workflows/messages';
import { untilStatus, type Execution } from '../support/executions';
import { down, up, type Lab, type Scenario } from './scenarios';

/** What a rule has that is paused: its executions are held. */
const paused = { paused_at: '2026-07-10T00:00:00.000Z' };

/** Begins the execution of a paused rule. */
async function heldAtOnce(lab: Lab, rule: { steps?: number } = {}): Promise<Execution> {
  const execution = await lab.trigger([up], { ...rule, ...paused });
  await untilStatus(execution, 'held');
  return execution;
}

/** Begins an execution whose first call fails and whose rule is paused before the retry. */
async function pausedBeforeTheRetry(lab: Lab, retry_schedule?: string[]): Promise<Execution> {
  const rule = { ...(retry_schedule && { retry_schedule }) };
  const execution = await lab.trigger([down, up], rule);
  await untilStatus(execution, 'waiting_for_retry');
  lab.putRule({ ...rule, ...paused });
  return execution;
}

export const holdScenarios: Scenario[] = [
  {
    case: 'held-then-released',
    shows: 'the rule is paused before the first call: held; it is released once the rule goes on',
    clock: 'real',
    async run(lab) {
      const execution = await heldAtOnce(lab);
      lab.putRule({});
      await execution.signal(release);
      return execution;
    },
  },
  {
    case: 'held-looks-again',
    shows: 'held before the first call; nobody releases it, and the next look finds that the rule goes on',
    clock: 'skipped',
    async run(lab) {
      const execution = await heldAtOnce(lab);
      lab.putRule({});
      return execution;
    },
  },
  {
    case: 'held-in-vain-released',
    shows: 'released while the rule is still paused: held again, and released once more',
    clock: 'real',
    async run(lab) {
      const execution = await heldAtOnce(lab);
      const { hold } = await untilStatus(execution, 'held');
      await execution.signal(release);
      for (;;) {
        const again = await untilStatus(execution, 'held');
        if (again.hold?.looksAgainAt !== hold?.looksAgainAt) break;
      }
      lab.putRule({});
      await execution.signal(release);
      return execution;
    },
  },
  {
    case: 'held-until-escalated',
    shows: 'held before the first call for 36 h: escalated without a call',
    clock: 'skipped',
    run: (lab) => heldAtOnce(lab),
  },
  {
    case: 'held-retry-until-escalated',
    shows: 'a call fails, its retry is held until 36 h after that call: escalated',
    clock: 'skipped',
    run: (lab) => pausedBeforeTheRetry(lab),
  },
  {
    case: 'held-retry-released',
    shows: 'a call fails, its retry is held, then released and delivered as that same retry',
    clock: 'real',
    async run(lab) {
      const execution = await pausedBeforeTheRetry(lab, ['1s']);
      await untilStatus(execution, 'held');
      lab.putRule({ retry_schedule: ['1s'] });
      await execution.signal(release);
      return execution;
    },
  },
  {
    case: 'held-between-two-steps',
    shows: 'the rule is paused while its first step is called: the second is held, then released',
    clock: 'real',
    async run(lab) {
      const execution = await lab.trigger(
        [
          (request, response) => {
            lab.putRule({ steps: 2, ...paused });
            up(request, response);
          },
          up,
        ],
        { steps: 2 },
      );
      await untilStatus(execution, 'held');
      lab.putRule({ steps: 2 });
      await execution.signal(release);
      return execution;
    },
  },
  {
    case: 'held-forced-by-retry-now',
    shows: 'held by an open circuit breaker; retryNow makes the call all the same',
    clock: 'real',
    async run(lab) {
      const openUntil = '2999-01-01T00:00:00.000Z';
      lab.callSettings.current = { ...lab.callSettings.current, standing: { disabled: null, openUntil } };
      const execution = await lab.trigger([up]);
      await untilStatus(execution, 'held');
      await execution.executeUpdate(retryNow);
      return execution;
    },
  },
  {
    case: 'cancelled-while-held',
    shows: 'cancelled while it is held: ended at once, without a call',
    clock: 'real',
    async run(lab) {
      const execution = await heldAtOnce(lab);
      await execution.cancel();
      return execution;
    },
  },
  {
    case: 'abandoned-while-held',
    shows: 'the rule is deleted while its execution is held, which is released',
    clock: 'real',
    async run(lab) {
      const execution = await heldAtOnce(lab);
      lab.deleteRule();
      await execution.signal(release);
      return execution;
    },
  },
  {
    case: 'trial-of-a-paused-rule',
    shows: 'a test of a paused rule is not held',
    clock: 'real',
    run: (lab) => lab.trigger([up], paused, { test: true }),
  },
  {
    case: 'release-of-what-waits',
    shows: 'a release while it waits for a retry changes nothing: the retry is made in time',
    clock: 'skipped',
    async run(lab) {
      const execution = await lab.trigger([down, up]);
      await untilStatus(execution, 'waiting_for_retry');
      await execution.signal(release);
      return execution;
    },
  },
];
