import type { temporal } from '@temporalio/proto';
import type { AttemptFailure } from './attempt-failure';
import type { DeliveredAttempt, SkippedStep } from './called-webhook';
import type { RuleExecution, StepReference } from './execution';

type Marker = temporal.api.history.v1.IMarkerRecordedEventAttributes;
type Payloads = temporal.api.common.v1.IPayloads;

/** How the SDK names what it records of a local activity, in all languages that share its core. */
const MARKER = 'core_local_activity';

/** The summary of the timer that does no more than end a workflow task; see `attemptAtOnce`. */
export const ANSWER_RECORDED = 'the answer is recorded';

/**
 * The result of a first attempt that was made at once, as a history has it; absent when the marker is of something else, or
 * no result came of it.
 */
export function resultAtOnce(marker: Marker | null | undefined): Payloads | undefined {
  return marker?.markerName === MARKER ? (marker.details?.['result'] ?? undefined) : undefined;
}

/** The step that an execution begins with. @throws Error when it has none */
export function firstStepOf({ steps, restart }: Pick<RuleExecution, 'steps' | 'restart'>): StepReference {
  const step = steps[restart?.fromStep ?? 0];
  if (step === undefined) throw new Error('the execution has no step');
  return step;
}

/** What came of an execution's first attempt, within the workflow task that begins it. */
export type MadeAtOnce =
  | DeliveredAttempt
  | SkippedStep
  /** Made, and in vain. */
  | { failed: AttemptFailure }
  /** Not made: for people, why. */
  | { notNow: string };
