import { z } from 'zod';
import { filterSchema } from './filter-schema';
import { stepHeadersSchema } from './step-headers';
import { bodyTemplateSchema } from './template-schema';
import { slug } from './text';
import { webhookUrlSchema } from './webhook-url';
import { MAX_STEPS } from '../shared/limits';

const stepSchema = z
  .strictObject({
    id: slug.optional(),
    action: z.literal('call_webhook'),
    url: webhookUrlSchema,
    /** When a 20x answer is larger than MAX_RESPONSE_BYTES: keep its first part, or count the attempt as failed. */
    on_oversize: z.enum(['truncate', 'fail']).default('truncate'),
    /** The step is skipped unless this holds of event, trigger, earlier webhooks and steps. */
    if: filterSchema.optional(),
    headers: stepHeadersSchema.optional(),
    /** The credential that the call carries, instead of its destination's. */
    auth: slug.optional(),
    /** The credential of kind `tls` that the call connects with, instead of its destination's. */
    tls: slug.optional(),
    method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE', 'GET']).default('POST'),
    /** A template that takes the place of the contract's body. */
    body: bodyTemplateSchema.optional(),
  })
  .superRefine(({ method, body }, context) => {
    if (method === 'GET' && body !== undefined) {
      context.addIssue({ code: 'custom', path: ['body'], message: 'cannot be sent with GET' });
    }
  });

/** Steps in call order. Executions find a step by its id, so a rule whose steps get moved should name them. */
export const stepsSchema = z
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
