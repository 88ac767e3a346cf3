import type { temporal } from '@temporalio/proto';

type CancelRequested = temporal.api.history.v1.IWorkflowExecutionCancelRequestedEventAttributes;

/** Who asked for a cancellation, and why, if they said so: as Temporal has it on record whatever tool they used. */
export function cancellationOf({ identity, cause }: CancelRequested): { by: string; reason: string | null } {
  return { by: identity ?? '', reason: cause === '' ? null : (cause ?? null) };
}
