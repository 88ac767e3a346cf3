import { restartExecution, type RestartRequest } from '../../src/client/restart-execution';
import { DEFAULT_WORKSPACE } from '../../src/shared/ids';
import type { Execution } from '../support/executions';
import type { Answer } from '../support/receiver';
import { down, large, shipped, up, type Lab, type Scenario } from './scenarios';

/** Lets an execution of three steps escalate, and restarts it. */
async function restarted(
  lab: Lab,
  from: RestartRequest['from'],
  { before, after }: { before: Answer[]; after: Answer[] },
): Promise<Execution> {
  const rule = { steps: 3, retry_schedule: [] };
  const { executionId } = await (await lab.trigger([...before, ...after], rule)).result();
  const { client, rulebook } = lab.executions;
  const request = { workspace: DEFAULT_WORKSPACE, executionId, from };
  const outcome = await restartExecution({ client, rulebook }, request);
  if (outcome.outcome !== 'done') throw new Error('it was not restarted');
  return lab.executions.handle({ executionId: outcome.restartedAs ?? '' });
}

export const restartScenarios: Scenario[] = [
  {
    case: 'restarted-from-the-failed-step',
    shows: 'the second of three steps had failed: it and the third are called, with what the first answered',
    clock: 'real',
    run: (lab) => restarted(lab, 'failed', { before: [shipped(1), down], after: [shipped(2), shipped(3)] }),
  },
  {
    case: 'restarted-after-a-large-answer',
    shows: 'the same after an answer too large to be carried: each call reads it from the history',
    clock: 'real',
    run: (lab) => restarted(lab, 'failed', { before: [large, down], after: [shipped(2), shipped(3)] }),
  },
  {
    case: 'restarted-whole',
    shows: 'the second of three steps had failed: all three are called again',
    clock: 'real',
    run: (lab) => restarted(lab, 'start', { before: [shipped(1), down], after: [up] }),
  },
  {
    case: 'restarted-and-escalated-again',
    shows: 'a restart from the failed step, which fails again: escalated',
    clock: 'real',
    run: (lab) => restarted(lab, 'failed', { before: [shipped(1), down], after: [down] }),
  },
];
