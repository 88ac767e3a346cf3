/** The task queue on which executions and their activities run. */
export const TASK_QUEUE = 'rule-webhooks';

/** The Temporal workflow id of an execution: starting it twice is refused by Temporal itself. */
export function workflowIdOf(executionId: string): string {
  return `rule-execution/${executionId}`;
}
