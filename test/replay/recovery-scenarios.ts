import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { startRecovery } from '../../src/client/start-recovery';
import { DEFAULT_WORKSPACE, recoveryWorkflowIdOf } from '../../src/shared/ids';
import type { announceRecovery } from '../../src/workflows/announce-recovery';
import { until } from '../support/executions';
import type { Lab, Scenario } from './scenarios';

type Announcing = WorkflowHandle<typeof announceRecovery>;

async function recover(lab: Lab): Promise<Announcing> {
  const recovered = {
    workspace: DEFAULT_WORKSPACE,
    origin: `https://${randomUUID()}.example.com`,
    failingSince: '2026-11-24T00:00:00.000Z',
    recoveredAt: '2026-11-25T00:00:00.000Z',
    wasDisabled: false,
  };
  await startRecovery(lab.executions.client, recovered);
  return lab.handleOf<typeof announceRecovery>(recoveryWorkflowIdOf(recovered));
}

const away = async () => {
  throw new Error('the store is away');
};

/** The ways through `announceRecovery`. */
export const recoveryScenarios: Scenario[] = [
  {
    case: 'recovery-announced',
    shows: 'the owner of the rule with escalations is told',
    clock: 'real' as const,
    run(lab: Lab) {
      lab.escalatedRules = async () => ['watch'];
      return recover(lab);
    },
  },
  {
    case: 'recovery-of-deleted-rules',
    shows: 'the rules with escalations are not there any more: nobody is told',
    clock: 'real' as const,
    run(lab: Lab) {
      lab.escalatedRules = async () => ['deleted'];
      return recover(lab);
    },
  },
  {
    case: 'recovery-without-the-store',
    shows: 'the store is away for 30 days: it fails',
    clock: 'skipped' as const,
    run(lab: Lab) {
      lab.escalatedRules = away;
      return recover(lab);
    },
  },
  {
    case: 'recovery-cancelled',
    shows: 'cancelled while the store is away',
    clock: 'real' as const,
    async run(lab: Lab) {
      lab.escalatedRules = away;
      const announcing = await recover(lab);
      await until(async () => {
        const { raw } = await announcing.describe();
        return raw.pendingActivities?.find(({ lastFailure }) => lastFailure != null);
      });
      await announcing.cancel();
      return announcing;
    },
  },
].map((scenario) => ({ ...scenario, workflowType: 'announceRecovery' }));
