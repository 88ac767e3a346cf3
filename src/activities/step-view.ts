import { keptText } from '../delivery/kept-text';
import type { CalledWebhook, KeptBody } from '../shared/called-webhook';
import type { EventMessage } from '../shared/execution';
import type { Json, JsonObject } from '../shared/json';

/** What a request body is made of, beside the execution's own ids. */
export interface CallContext {
  message: EventMessage;
  /** The webhooks that earlier steps called, in call order. */
  earlier: readonly CalledWebhook[];
}

/**
 * What a step's `if` and `body` look at: `{event, trigger, webhooks: [{step, url, response}], steps: {<id>: {url, response}}}`.
 * A response is `{status, headers, body}` with the marks of the contract; a body that is JSON is parsed, so that integers
 * beyond 2^53 lose their last digits here.
 */
export function stepView({ message, earlier }: CallContext): JsonObject {
  const { trigger, ...event } = message;
  const called = earlier.map(({ step, url, response: { status, headers, body } }) => ({
    step,
    webhook: { url, response: { status, headers, ...bodyView(body) } },
  }));
  return {
    event,
    trigger,
    webhooks: called.map(({ step, webhook }) => ({ ...(step !== undefined && { step }), ...webhook })),
    steps: Object.fromEntries(
      called.flatMap(({ step, webhook }) => (step === undefined ? [] : [[step, webhook]])),
    ),
  };
}

function bodyView(body: KeptBody): JsonObject {
  if (body.kind === 'binary') return { body: body.data, encoding: 'base64', ...cut(body) };
  const text = keptText(body);
  return { body: body.kind === 'json' ? (JSON.parse(text) as Json) : text, ...cut(body) };
}

function cut({ truncated }: KeptBody): JsonObject {
  return truncated ? { truncated } : {};
}
