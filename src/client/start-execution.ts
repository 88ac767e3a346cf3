import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { RuleExecution } from '../shared/execution';
import { clipped, markdownText } from '../shared/display';
import { TASK_QUEUE, workflowIdOf } from '../shared/ids';
import { MAX_DETAILS_BYTES, MAX_SUMMARY_BYTES } from '../shared/limits';
import { RULE_DOMAIN, RULE_EVENT_TYPE, RULE_ID } from '../shared/search-attributes';
import type { executeRule } from '../workflows/execute-rule';

/**
 * Starts an execution durably.
 *
 * @returns whether this call started it; false when it is there already, running or ended
 */
export async function startExecution(client: Client, execution: RuleExecution): Promise<boolean> {
  const { executionId, rule, event, message, steps } = execution;
  try {
    await client.workflow.start<typeof executeRule>('executeRule', {
      workflowId: workflowIdOf(executionId),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      taskQueue: TASK_QUEUE,
      args: [execution],
      // Saves a trip to the server when this process has a worker too; else it does nothing.
      requestEagerStart: true,
      typedSearchAttributes: [
        { key: RULE_ID, value: rule.id },
        { key: RULE_DOMAIN, value: message.domain },
        { key: RULE_EVENT_TYPE, value: event.type },
      ],
      staticSummary: clipped(`${rule.name} · ${message.domain} · ${event.type}`, MAX_SUMMARY_BYTES),
      staticDetails: clipped(
        [
          `Rule ${markdownText(rule.id)} (version ${rule.version}), event ${markdownText(event.id)}.`,
          ...steps.map(({ target }, index) => `${index + 1}. POST ${markdownText(target)}`),
        ].join('\n\n'),
        MAX_DETAILS_BYTES,
      ),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
