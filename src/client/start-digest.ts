import type { Client } from '@temporalio/client';
import { callPriority } from '../shared/call-priority';
import type { EscalationDigest } from '../shared/escalations';
import { digestWorkflowIdOf, TASK_QUEUE } from '../shared/ids';
import { RULE_WORKSPACE } from '../shared/search-attributes';
import { startedOnce } from './started-once';
import type { escalationDigest } from '../workflows/escalation-digest';

/**
 * Makes sure that a rule's digest is under way. The first escalation that it is to tell of is announced to it, so that one
 * that is about to end looks again; the others would only fill its history.
 *
 * @throws ServiceError when Temporal cannot be reached
 */
export async function startDigest(client: Client, digest: EscalationDigest, isFirst: boolean): Promise<void> {
  const { workspace, ruleId, until } = digest;
  const options = {
    workflowId: digestWorkflowIdOf(workspace, ruleId),
    taskQueue: TASK_QUEUE,
    args: [digest] as [EscalationDigest],
    priority: callPriority(workspace, 'digest', false),
    typedSearchAttributes: [{ key: RULE_WORKSPACE, value: workspace }],
    staticSummary: 'digest of escalations',
  };
  if (isFirst) {
    await client.workflow.signalWithStart<typeof escalationDigest, [string]>('escalationDigest', {
      ...options,
      signal: 'gathered',
      signalArgs: [until],
    });
    return;
  }
  await startedOnce(client.workflow.start<typeof escalationDigest>('escalationDigest', options));
}
