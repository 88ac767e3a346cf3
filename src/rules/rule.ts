import { z } from 'zod';
import { changesSchema } from './changes';
import { retryDelaysSchema } from './retry-delays';
import { lineOfText, slug } from './text';
import { MAX_NAME_LENGTH, MAX_STEPS, MAX_URL_LENGTH } from '../shared/limits';
import { isMailAddress } from '../shared/mail-address';
import { parseUrl } from '../shared/parse-url';

/** An absolute http(s) URL in WHATWG normal form, without a fragment (which no request carries). */
const webhookUrl = z
  .string()
  .max(MAX_URL_LENGTH)
  .transform((text, context) => {
    const url = parseUrl(text);
    if (url === undefined) {
      context.addIssue('must be an absolute URL, such as https://example.com/hook');
      return z.NEVER;
    }
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
      context.addIssue('must begin with https:// or http://');
      return z.NEVER;
    }
    if (url.username !== '' || url.password !== '') {
      context.addIssue(
        'must not contain a user or password: URLs are shown to people, so put credentials elsewhere',
      );
      return z.NEVER;
    }
    url.hash = '';
    // Escapes and punycode can make it longer than what was written.
    if (url.href.length > MAX_URL_LENGTH) {
      context.addIssue(`must not be longer than ${MAX_URL_LENGTH} characters once escaped`);
      return z.NEVER;
    }
    return url.href;
  });

const stepSchema = z.strictObject({
  id: slug.optional(),
  action: z.literal('call_webhook'),
  url: webhookUrl,
  /** When a 20x answer is larger than MAX_RESPONSE_BYTES: keep its first part, or count the attempt as failed. */
  on_oversize: z.enum(['truncate', 'fail']).default('truncate'),
});

/** Steps in call order. Executions find a step by its id, so a rule whose steps get moved should name them. */
const stepsSchema = z
  .array(stepSchema)
  .min(1)
  .max(MAX_STEPS)
  .transform((steps, context) => {
    const seen = new Set<string>();
    return steps.map((step, index) => {
      const id = step.id ?? `step-${index + 1}`;
      if (seen.has(id)) {
        context.addIssue({
          code: 'custom',
          path: [index, 'id'],
          message: `"${id}" is the id of an earlier step`,
        });
      }
      seen.add(id);
      return { ...step, id };
    });
  });

const scorecardsSchema = z.discriminatedUnion('value', [
  z.strictObject({ value: z.literal('my_scorecard') }),
  z.strictObject({ value: z.literal('followed') }),
  z.strictObject({ value: z.literal('in_portfolio'), portfolio_id: lineOfText(MAX_NAME_LENGTH) }),
]);

/** The very check of the mail's side, so that no owner is accepted whose mail could not be made later. */
const ownerAddress = z.string().refine(isMailAddress, 'is not an e-mail address');

/**
 * A rule in the shape of the original's rule object: which change, on which scorecards, calls which webhooks. Strict:
 * an unknown key is an error, since a misspelt option would otherwise be ignored. The output has its defaults filled
 * in, URLs normalised and delays in milliseconds, so it is not itself valid input.
 */
export const ruleSchema = z.strictObject({
  id: slug,
  name: lineOfText(MAX_NAME_LENGTH),
  /** Who gets the escalation e-mail. */
  owner: z.strictObject({ name: lineOfText(MAX_NAME_LENGTH).optional(), email: ownerAddress }),
  filters: z.strictObject({ changes: changesSchema, scorecards: scorecardsSchema }),
  steps: stepsSchema,
  retry_schedule: retryDelaysSchema,
  /** Since when the rule is paused, ISO 8601. Null, as in the original, and absent mean that it is not. */
  paused_at: z.iso.datetime({ offset: true }).nullish(),
});

export type Rule = z.output<typeof ruleSchema>;
export type Step = Rule['steps'][number];
export type ScorecardFilter = Rule['filters']['scorecards'];
