import { CancelledFailure, setHandler } from '@temporalio/workflow';
import type { CalledWebhook } from '../shared/called-webhook';
import type { RuleExecution } from '../shared/execution';
import { escalate } from './activity-proxies';
import { isCancelled } from './cancellation';
import { verdictOn } from './attempt-failure';
import { Controls } from './controls';
import { deliverStep } from './deliver-step';
import { getExecution, type ExecutionReport } from './messages';
import { Progress } from './progress';

/**
 * Calls the webhooks of a rule one after the other, each with what the earlier ones answered; steps whose condition does
 * not hold are skipped. A restart begins at the step that was not delivered. A step that fails for good ends the chain: the
 * owner gets an e-mail, and later steps are not called.
 */
export async function executeRule(execution: RuleExecution): Promise<ExecutionReport> {
  const progress = new Progress(execution);
  const controls = new Controls(() => {
    progress.paused();
  });
  setHandler(getExecution, () => progress.report, { description: 'The execution at a glance' });

  const { fromStep = 0, earlier = [] } = execution.restart ?? {};
  const called: CalledWebhook[] = [...earlier];
  try {
    for (const step of [...execution.steps.entries()].slice(fromStep)) {
      const outcome = await deliverStep(execution, step, step[0] === fromStep, called, progress, controls);
      if (outcome.kind === 'failed') {
        progress.escalating();
        const { url, error } = outcome;
        const { executionId, rule, workspace, message, traceparent } = execution;
        return progress.ended('escalated', {
          escalation: await escalate({
            executionId,
            ...(workspace !== undefined && { workspace }),
            ruleId: rule.id,
            ...(message.domain !== undefined && { domain: message.domain }),
            url,
            error,
            ...(traceparent !== undefined && { traceparent }),
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
