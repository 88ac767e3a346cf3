import { ApplicationFailure } from '@temporalio/common';
import { DELIVERY, DELIVERY_AT_ONCE, ESCALATION, traced } from '../../../src/activities/traced';
import type { DeliverWebhookInput } from '../../../src/activities/deliver-webhook';
import type { SpanAttributes, SpanPlace, Tracer } from '../../../src/tracing/tracing';
import { failureTypes } from '../../../src/shared/activity-failures';

const input: DeliverWebhookInput = {
  executionId: 'e',
  createdAt: '2026-07-10T12:00:00.000Z',
  ruleId: 'watch',
  stepId: 'step-1',
  retries: 1,
  traceparent: 'of the start',
};

/** Spans as they were ended. */
class Spans implements Tracer {
  readonly ended: { name: string; parent: string | undefined; attributes: SpanAttributes; error?: string }[] =
    [];

  begin(name: string, { parent, attributes }: SpanPlace) {
    return {
      traceparent: `of ${name}`,
      end: (more: SpanAttributes = {}, error?: string) =>
        void this.ended.push({
          name,
          parent,
          attributes: { ...attributes, ...more },
          ...(error !== undefined && { error }),
        }),
    };
  }
}

let spans: Spans;
beforeEach(() => {
  spans = new Spans();
});

/** What becomes of the span of an attempt that ends with this error. */
async function spanOfFailure(error: Error): Promise<Spans['ended']> {
  const failing = traced(spans, DELIVERY, () => Promise.reject(error));
  await expect(failing(input)).rejects.toBe(error);
  return spans.ended;
}

const failure = (type: string, message: string) => ApplicationFailure.create({ type, message });

it('an attempt is given the span that it is, and what became of it is told', async () => {
  const given: DeliverWebhookInput[] = [];
  await traced(spans, DELIVERY, async (its) => {
    given.push(its);
    return { skipped: 'no' };
  })(input);
  expect(given).toEqual([{ ...input, traceparent: 'of deliver webhook' }]);
  expect(spans.ended).toMatchObject([
    {
      parent: 'of the start',
      attributes: { 'rule_webhooks.attempt': 2, 'rule_webhooks.outcome': 'skipped' },
    },
  ]);
});

it('an attempt that failed is an error, in its own words', async () => {
  const [span] = await spanOfFailure(failure(failureTypes.attemptFailed, '503 Service Unavailable'));
  expect(span).toMatchObject({ error: '503 Service Unavailable' });
});

it('an attempt that was made at once is told of once, and not again by its record', async () => {
  const failed = { error: '503 Service Unavailable' };
  await traced(spans, DELIVERY_AT_ONCE, async () => ({ failed }))(input);
  const recorded = failure(failureTypes.attemptFailed, failed.error);
  const record = traced(spans, DELIVERY, () => Promise.reject(recorded));
  await expect(record({ ...input, made: failed })).rejects.toBe(recorded);
  expect(spans.ended).toMatchObject([{ error: failed.error }]);
});

it('one that is not made at once is left to the attempt that is made instead', async () => {
  await traced(spans, DELIVERY_AT_ONCE, async () => ({ notNow: 'the rule is paused' }))(input);
  expect(spans.ended).toEqual([]);
});

it('one that is held is none', async () => {
  const [span] = await spanOfFailure(failure(failureTypes.held, 'the rule is paused'));
  expect(span?.attributes).toMatchObject({ 'rule_webhooks.outcome': 'held' });
  expect(span).not.toHaveProperty('error');
});

it('one that waits for room is not told of', async () => {
  expect(await spanOfFailure(failure(failureTypes.noRoom, 'as many as may be'))).toEqual([]);
});

it.each([
  ['RuleGone', failure(failureTypes.ruleGone, 'hush')],
  ['TypeError', new TypeError('hush')],
])('of a fault of another kind its kind alone is told: %s', async (kind, error) => {
  const [span] = await spanOfFailure(error);
  expect(span).toMatchObject({ error: kind });
  expect(JSON.stringify(span)).not.toContain('hush');
});

it('an escalation that has no mail of its own is told so', async () => {
  const escalation = { executionId: 'e', ruleId: 'watch', url: '', error: '', traceparent: 'of the start' };
  await traced(spans, ESCALATION, async () => ({}))(escalation);
  expect(spans.ended[0]?.attributes).toMatchObject({ 'rule_webhooks.outcome': 'left to the digest' });
});
