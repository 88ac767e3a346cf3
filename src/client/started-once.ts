import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';

/**
 * Whether a start made the workflow: false when there is one by its id already.
 *
 * @throws whatever else the start was rejected with
 */
export async function startedOnce(start: Promise<unknown>): Promise<boolean> {
  try {
    await start;
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
