import { z } from 'zod';
import { EXECUTION_STATUSES } from './execution';
import { flag } from './flag';
import { idParam } from './ids';
import { originSchema } from '../../destinations/origin';
import type { ExecutionFilter } from '../../shared/execution-filter';

const time = z.iso.datetime({ offset: true });

/** Which executions are meant. All that are given must hold. */
const filter = {
  rule: idParam.optional().meta({ description: 'A rule’s id.' }),
  domain: idParam.toLowerCase().optional(),
  destination: originSchema.optional().meta({
    description: 'The origin of the call that failed last or is held; where none did, of any step.',
  }),
  status: z
    .enum(['running', ...EXECUTION_STATUSES])
    .optional()
    .meta({ description: '`running`: any that has not ended.' }),
  event: idParam.optional().meta({ description: 'An event’s id.' }),
  type: idParam.optional().meta({ description: 'What triggered it, e.g. `grade_drop` or `invoice.paid`.' }),
  from: time.optional().meta({ description: 'Started then or later.' }),
  to: time.optional().meta({ description: 'Started before then.' }),
  ended_from: time.optional().meta({ description: 'Ended then or later.' }),
  ended_to: time.optional().meta({ description: 'Ended before then.' }),
};

/** In a query, where all is text. */
export const filterQuery = { ...filter, test: flag.optional() };
/** In a body. */
export const filterBody = z.strictObject({ ...filter, test: z.boolean().optional() });

export function filterOf(given: z.output<typeof filterBody>): Omit<ExecutionFilter, 'workspace'> {
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
