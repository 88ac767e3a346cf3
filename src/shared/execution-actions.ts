/**
 * What may be done to an execution:
 * - `retry`: ends the wait for the next retry at once, or looks at once whether a hold is over;
 * - `cancel`: ends it; a call that is on its way is waited for;
 * - `pause`, `resume`: of its further calls;
 * - `release`: has a held one look now whether it may go on;
 * - `restart`: one that has ended is executed again, from its first step, as the rule is now; or from the step that is asked for,
 *   with what the earlier ones answered;
 * - `restart_from_failed`: one that has ended without having delivered its steps is executed again from the step that was not
 *   delivered, with what the earlier ones answered.
 */
export const EXECUTION_ACTIONS = [
  'retry',
  'cancel',
  'pause',
  'resume',
  'release',
  'restart',
  'restart_from_failed',
] as const;
export type ExecutionAction = (typeof EXECUTION_ACTIONS)[number];

/** Who asks for what. */
export interface ActionRequest {
  action: ExecutionAction;
  workspace: string;
  executionId: string;
  /** E.g. `key/k_3f9a…`: on record in Temporal as who did it. */
  by: string;
  /** Of a cancellation. */
  reason?: string | undefined;
  /** Of a restart: the id of the step. */
  fromStep?: string | undefined;
  /** The same request again, by this id, does nothing twice. */
  requestId?: string | undefined;
}

/** What became of it. */
export type ActionOutcome =
  | {
      outcome: 'done';
      /** Of `retry`: which attempt of its step this begins, the first being 1. */
      attempt?: number;
      /** The execution that makes it good. */
      restartedAs?: string;
    }
  /** It does not fit how the execution stands. */
  | { outcome: 'refused'; reason: string; restartedAs?: string }
  | { outcome: 'not-found' };
