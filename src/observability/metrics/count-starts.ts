import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { Instruments } from './instruments';

/** Counts the executions that a client starts: a start that finds it there already is rejected, and is none. */
export function countStarts({ started }: Instruments): WorkflowClientInterceptor {
  return {
    startWithDetails: async (input, next) => {
      const answer = await next(input);
      if (input.workflowType === 'executeRule') started.inc();
      return answer;
    },
  };
}
