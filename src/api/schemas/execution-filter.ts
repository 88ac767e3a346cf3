import { z } from 'zod';
import { EXECUTION_STATUSES } from './execution';
import { flag } from './flag';
import { idParam } from './ids';
import { originSchema } from '../../destinations/origin';
import { lineOfText } from '../../rules/text';
import type { ExecutionFilter } from '../../shared/execution-filter';
import { MAX_URL_LENGTH } from '../../shared/limits';

const time = z.iso.datetime({ offset: true });

const STATUSES = ['running', ...EXECUTION_STATUSES] as const;
const status = z.enum(STATUSES);

/** In a query: one, or several with commas. */
const statuses = z.string().transform((text, context) => {
  const parsed = z.array(status).safeParse(text.split(','));
  if (parsed.success) return parsed.data;
  context.addIssue(`must be one of ${STATUSES.join(', ')}, or several with commas`);
  return z.NEVER;
});

/** Which executions are meant. All that are given must hold. */
const filter = {
  rule: idParam.optional().meta({ description: 'A rule’s id.' }),
  domain: idParam.toLowerCase().optional(),
  destination: originSchema.optional().meta({
    description: 'The origin of the call that failed last or is held; where none did, of any step.',
  }),
  event: idParam.optional().meta({ description: 'An event’s id.' }),
  type: idParam.optional().meta({ description: 'What triggered it, e.g. `grade_drop` or `invoice.paid`.' }),
  from: time.optional().meta({ description: 'Started then or later.' }),
  to: time.optional().meta({ description: 'Started before then.' }),
  ended_from: time.optional().meta({ description: 'Ended then or later.' }),
  ended_to: time.optional().meta({ description: 'Ended before then.' }),
};

/** In a query, where all is text. */
export const filterQuery = {
  ...filter,
  status: statuses.optional().meta({
    description: `One of ${STATUSES.map((each) => `\`${each}\``).join(', ')}, or several with commas. \`running\`: any that has not ended.`,
  }),
  q: lineOfText(MAX_URL_LENGTH).optional().meta({
    description:
      'An id of an execution, an event or a rule; a domain, or how one begins; a URL that is called, or its origin. Those to which it fits as any of these.',
  }),
  test: flag.optional(),
};

/** In a body. */
export const filterBody = z.strictObject({
  ...filter,
  status: status.optional().meta({ description: '`running`: any that has not ended.' }),
  test: z.boolean().optional(),
});

type Queried = z.output<z.ZodObject<typeof filterQuery>>;
type Filter = Omit<ExecutionFilter, 'workspace' | 'executionIds'>;

export function filterOf({ status: anyOf, q, ...others }: Queried): Filter {
  return { ...filterOfBody(others), statuses: anyOf, search: q };
}

export function filterOfBody(given: z.output<typeof filterBody>): Omit<Filter, 'statuses' | 'search'> {
  return {
    ruleId: given.rule,
    domain: given.domain,
    destination: given.destination,
    status: given.status,
    eventId: given.event,
    eventType: given.type,
    test: given.test,
    startedFrom: given.from,
    startedBefore: given.to,
    endedFrom: given.ended_from,
    endedBefore: given.ended_to,
  };
}
