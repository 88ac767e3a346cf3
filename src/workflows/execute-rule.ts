import { CancelledFailure, setHandler } from '@temporalio/workflow';
import type { CalledWebhook } from '../shared/called-webhook';
import type { RuleExecution } from '../shared/execution';
import { escalate } from './activity-proxies';
import { isCancelled } from './cancellation';
import { verdictOn } from './attempt-failure';
import { deliverStep } from './deliver-step';
import { getExecution, type ExecutionReport } from './messages';
import { Progress } from './progress';
import { RetryWait } from './retry-wait';

/**
 * Calls the webhooks of a rule one after the other, each with what the earlier ones answered; steps whose condition does
 * not hold are skipped. A step that fails for good ends the chain: the owner gets an e-mail, and later steps are not called.
 */
export async function executeRule(execution: RuleExecution): Promise<ExecutionReport> {
  const progress = new Progress(execution);
  const wait = new RetryWait();
  setHandler(getExecution, () => progress.report, { description: 'The execution at a glance' });

  const called: CalledWebhook[] = [];
  try {
    for (const step of execution.steps.entries()) {
      const outcome = await deliverStep(execution, step, called, progress, wait);
      if (outcome.kind === 'failed') {
        progress.escalating();
        const { url, error } = outcome;
        const { executionId, rule, workspace } = execution;
        return progress.ended('escalated', {
          escalation: await escalate({
            executionId,
            ...(workspace !== undefined && { workspace }),
            ruleId: rule.id,
            url,
            error,
          }),
        });
      }
      if (outcome.kind === 'delivered') called.push(outcome.called);
    }
    return progress.ended('delivered');
  } catch (error) {
    if (isCancelled(error)) {
      progress.ended('cancelled');
      throw new CancelledFailure('the execution was cancelled');
    }
    const verdict = verdictOn(error);
    if (verdict.kind === 'rule-gone') return progress.ended('abandoned', { reason: verdict.reason });
    progress.ended('failed');
    throw error;
  }
}
