import type { Client } from '@temporalio/client';
import { callPriority } from '../shared/call-priority';
import type { RuleExecution } from '../shared/execution';
import { clipped, markdownText } from '../shared/display';
import { DEFAULT_WORKSPACE, TASK_QUEUE, workflowIdOf } from '../shared/ids';
import { MAX_DETAILS_BYTES, MAX_SUMMARY_BYTES } from '../shared/limits';
import {
  keyword,
  RULE_DESTINATIONS,
  RULE_DOMAIN,
  RULE_EVENT_ID,
  RULE_EVENT_TYPE,
  RULE_ID,
  RULE_TEST,
  RULE_WORKSPACE,
} from '../shared/search-attributes';
import { endWithError, type SpanAttributes, type Tracer } from '../tracing/tracing';
import { parseUrl } from '../shared/parse-url';
import { startedOnce } from './started-once';
import type { executeRule } from '../workflows/execute-rule';

/** Who asked for an execution: the name in its memo. */
const REQUEST_ID = 'requestId';

/** How an execution is started. */
export interface StartOptions {
  /** What asks for it; asking again by the same one is the same start. */
  requestId?: string | undefined;
  /** Absent: the execution is not traced. */
  tracer?: Tracer | undefined;
}

/**
 * Starts an execution durably. Its `traceparent` is that of what leads to it, if that is traced; the execution gets the one of
 * its own start.
 *
 * @returns whether this call, or an earlier one by its `requestId`, started it; false when it is there already otherwise,
 *   running or ended
 */
export async function startExecution(
  client: Client,
  execution: RuleExecution,
  { requestId, tracer }: StartOptions = {},
): Promise<boolean> {
  const { traceparent: parent, ...untraced } = execution;
  const span = tracer?.begin('start execution', {
    kind: 'producer',
    parent,
    attributes: attributesOf(execution),
  });
  const start = startOnce(client, { ...untraced, ...(span && { traceparent: span.traceparent }) }, requestId);
  const isStarted = await start.catch((error: unknown) => {
    endWithError(span, error);
    throw error;
  });
  // What is there already was told of by the start that made it.
  if (isStarted) span?.end();
  return isStarted;
}

function attributesOf({ workspace, executionId, rule, event }: RuleExecution): SpanAttributes {
  return {
    'rule_webhooks.workspace.id': workspace,
    'rule_webhooks.execution.id': executionId,
    'rule_webhooks.rule.id': rule.id,
    'rule_webhooks.event.id': event.id,
  };
}

async function startOnce(
  client: Client,
  execution: RuleExecution,
  requestId: string | undefined,
): Promise<boolean> {
  const { executionId, workspace = DEFAULT_WORKSPACE, test = false, rule, event, message, steps } = execution;
  const workflowId = workflowIdOf(executionId);
  const isNew = await startedOnce(
    client.workflow.start<typeof executeRule>('executeRule', {
      workflowId,
      ...(requestId !== undefined && { memo: { [REQUEST_ID]: requestId } }),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      taskQueue: TASK_QUEUE,
      args: [execution],
      // Saves a trip to the server when this process has a worker too; else it does nothing.
      requestEagerStart: true,
      priority: callPriority(workspace, steps[0]?.target ?? '', false),
      typedSearchAttributes: [
        { key: RULE_WORKSPACE, value: workspace },
        { key: RULE_ID, value: rule.id },
        ...(message.domain === undefined ? [] : [{ key: RULE_DOMAIN, value: keyword(message.domain) }]),
        { key: RULE_EVENT_ID, value: keyword(event.id) },
        { key: RULE_EVENT_TYPE, value: keyword(event.type) },
        { key: RULE_DESTINATIONS, value: originsOf(steps) },
        ...(test ? [{ key: RULE_TEST, value: test }] : []),
      ],
      staticSummary: clipped(
        [test && 'test', rule.name, message.domain, event.type].filter(Boolean).join(' · '),
        MAX_SUMMARY_BYTES,
      ),
      staticDetails: clipped(
        [
          `Rule ${markdownText(rule.id)} (version ${rule.version}), event ${markdownText(event.id)}.`,
          ...steps.map(
            ({ target, method = 'POST' }, index) => `${index + 1}. ${method} ${markdownText(target)}`,
          ),
        ].join('\n\n'),
        MAX_DETAILS_BYTES,
      ),
    }),
  );
  if (isNew || requestId === undefined) return isNew;
  const { memo } = await client.workflow.getHandle(workflowId).describe();
  return memo?.[REQUEST_ID] === requestId;
}

function originsOf(steps: RuleExecution['steps']): string[] {
  const origins = steps.flatMap(({ target }) => parseUrl(target)?.origin ?? []);
  return [...new Set(origins)].map(keyword);
}
