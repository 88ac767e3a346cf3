import { randomUUID } from 'node:crypto';
import { startDisabling } from '../../src/client/start-disabling';
import { DEFAULT_WORKSPACE, disablingWorkflowIdOf } from '../../src/shared/ids';
import type { disableDestination } from '../../src/workflows/disable-destination';
import type { Lab, Scenario } from './scenarios';

async function disable(lab: Lab) {
  const destination = {
    workspace: DEFAULT_WORKSPACE,
    origin: `https://${randomUUID()}.example.com`,
    reason: 'it answered 410 Gone',
    failingSince: '2026-11-24T00:00:00.000Z',
  };
  await startDisabling(lab.executions.client, destination);
  return lab.handleOf<typeof disableDestination>(disablingWorkflowIdOf(destination));
}

const asked = (message: string) => async () => {
  throw new Error(message);
};

/** The ways through `disableDestination`. */
export const disablingScenarios: Scenario[] = [
  {
    case: 'disabled',
    shows: 'the owners of the rules that call it get an e-mail each',
    clock: 'real' as const,
    run: disable,
  },
  {
    case: 'disabled-without-a-rule',
    shows: 'no rule calls it any more: nobody is told',
    clock: 'real' as const,
    run(lab: Lab) {
      lab.callers = [];
      return disable(lab);
    },
  },
  {
    case: 'disabled-and-nobody-could-be-told',
    shows: 'the mail server refuses for 30 days: the workflow fails, and the destination stays disabled',
    clock: 'skipped' as const,
    run(lab: Lab) {
      lab.mail = asked('451 try again later');
      return disable(lab);
    },
  },
].map((scenario) => ({ ...scenario, workflowType: 'disableDestination' }));
