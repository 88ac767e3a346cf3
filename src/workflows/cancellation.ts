import { CancellationScope, isCancellation } from '@temporalio/workflow';

/**
 * Whether an error ends a cancelled execution: the cancellation itself, or the failure of an activity that was waited
 * for after it.
 */
export function isCancelled(error: unknown): boolean {
  return isCancellation(error) || CancellationScope.current().consideredCancelled;
}
