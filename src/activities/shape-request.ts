import { requestBody, type WebhookRequest } from '../delivery/request-body';
import type { Step } from '../rules/rule';
import { renderBody } from '../rules/template';
import type { ShapedRequest } from '../shared/called-webhook';
import { MAX_KEPT_REQUEST } from '../shared/limits';
import { stepView } from './step-view';

/** A request's body, and what its attempt's record keeps of the request. */
export interface Shaped {
  body: string | undefined;
  record: { request?: ShapedRequest };
}

/**
 * Makes a step's request: the contract's, unless the step says otherwise.
 *
 * @returns why it cannot be made, when its template cannot be rendered
 */
export function shapeRequest(
  { method, body: template }: Pick<Step, 'method' | 'body'>,
  request: WebhookRequest,
): Shaped | { error: string } {
  if (template === undefined) {
    const body = method === 'GET' ? undefined : requestBody(request);
    return { body, record: method === 'POST' ? {} : { request: { method } } };
  }
  const { executionId: execution_id, createdAt: created_at, retries } = request;
  const rendered = renderBody(template, { ...stepView(request), execution_id, created_at, retries });
  if (!rendered.ok) return { error: rendered.error };
  return { body: rendered.body, record: { request: { method, ...kept(rendered.body) } } };
}

/** As much of a templated body as is kept, without the part of a character at the cut. */
function kept(body: string): Pick<ShapedRequest, 'body' | 'truncated'> {
  const bytes = Buffer.from(body);
  if (bytes.length <= MAX_KEPT_REQUEST) return { body };
  const text = new TextDecoder().decode(bytes.subarray(0, MAX_KEPT_REQUEST), { stream: true });
  return { body: text, truncated: true };
}
