import { patched, sleep } from '@temporalio/workflow';
import type { DeliverAtOnceInput } from '../activities/deliver-at-once';
import { ANSWER_RECORDED, type MadeAtOnce } from '../shared/attempt-at-once';
import { deliverAtOnce } from './activity-proxies';
import { isCancelled } from './cancellation';

/** Executions that began before it made their first attempt as all others. Recorded in histories: never renamed. */
const PATCH = 'first-attempt-at-once';

/**
 * Within a workflow task nothing is heard of a cancellation. A call that is quicker ends before a person could have asked for
 * one. Milliseconds.
 */
const QUICK_MS = 100;

/**
 * Makes the first attempt of an execution at once, if it may be.
 *
 * @returns what came of it; undefined when it was not made
 */
export async function attemptAtOnce(
  summary: string,
  input: DeliverAtOnceInput,
): Promise<Exclude<MadeAtOnce, { notNow: string }> | undefined> {
  if (!patched(PATCH)) return undefined;
  try {
    const made = await deliverAtOnce.executeWithOptions({ summary }, [input]);
    if ('response' in made && made.durationMs >= QUICK_MS) await recorded();
    return 'notNow' in made ? undefined : made;
  } catch (error) {
    if (isCancelled(error)) throw error;
    return undefined;
  }
}

/** Ends the workflow task, with the answer on record, so that it is heard whether the execution was cancelled meanwhile. */
async function recorded(): Promise<void> {
  try {
    await sleep(1, { summary: ANSWER_RECORDED });
  } catch (error) {
    // The answer is there, and stays; what follows it is not called.
    if (!isCancelled(error)) throw error;
  }
}
