import type { CalledWebhook, KeptBody } from '../shared/called-webhook';
import type { EventMessage } from '../shared/execution';
import { keptText } from './kept-text';

export interface WebhookRequest {
  message: EventMessage;
  executionId: string;
  /** ISO 8601, UTC, milliseconds. */
  createdAt: string;
  /** Retries performed, this one included; 0 on the first attempt. */
  retries: number;
  /** The webhooks that earlier steps called, in call order. */
  earlier: readonly CalledWebhook[];
}

/**
 * The JSON body of a webhook request, as the contract has it: `retries` is there only on a retry, `webhooks` only
 * when earlier steps called some. A carried JSON body goes in as its source text, never parsed and printed again,
 * because that would change integers beyond 2^53 and overflow the stack on deep nesting.
 */
export function requestBody({ message, executionId, createdAt, retries, earlier }: WebhookRequest): string {
  const fields = JSON.stringify({
    ...message,
    execution_id: executionId,
    created_at: createdAt,
    ...(retries > 0 && { retries }),
  });
  if (earlier.length === 0) return fields;
  return `${fields.slice(0, -1)},"webhooks":[${earlier.map(calledWebhookJson).join(',')}]}`;
}

function calledWebhookJson({ url, response }: CalledWebhook): string {
  const { status, headers, body } = response;
  const marks = [
    ...(body.kind === 'binary' ? ['"encoding":"base64"'] : []),
    ...(body.truncated ? ['"truncated":true'] : []),
  ];
  const answer = [
    `"status":${status}`,
    `"headers":${JSON.stringify(headers)}`,
    `"body":${bodyJson(body)}`,
    ...marks,
  ];
  return `{"url":${JSON.stringify(url)},"response":{${answer.join(',')}}}`;
}

function bodyJson(body: KeptBody): string {
  if (body.kind === 'binary') return JSON.stringify(body.data);
  const text = keptText(body);
  return body.kind === 'json' ? text : JSON.stringify(text);
}
