import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { RuleExecution } from '../../shared/execution';
import { DEFAULT_WORKSPACE } from '../../shared/ids';
import type { Logger } from './log';

/** Tells of each execution that is started, whatever asked for it: here alone the log has its event beside it. */
export function startLog(log: Logger): WorkflowClientInterceptor {
  return {
    async startWithDetails(input, next) {
      const started = await next(input);
      if (input.workflowType === 'executeRule' && log.isLevelEnabled('info')) {
        log.info(fieldsOf(input.options.args[0] as RuleExecution), 'execution started');
      }
      return started;
    },
  };
}

function fieldsOf({ executionId, workspace, rule, event, steps, test, restart }: RuleExecution) {
  return {
    executionId,
    workspace: workspace ?? DEFAULT_WORKSPACE,
    ruleId: rule.id,
    ruleVersion: rule.version,
    eventId: event.id,
    eventType: event.type,
    steps: steps.length,
    ...(test && { test }),
    ...(restart && { restartOf: restart.of }),
  };
}
