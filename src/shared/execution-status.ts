/**
 * How an execution stands:
 * - `delivering`: a call is on its way, or about to be;
 * - `waiting_for_retry`: until the time in `nextRetry`, or until `retryNow`;
 * - `held`: no call is to be made for now, as `hold` says; it counts as no attempt;
 * - `paused`: somebody paused it, until somebody resumes it;
 * - `escalating`: the schedule is over, and the e-mail to the owner is on its way;
 * - `delivered`: ended with no step left, each delivered or skipped;
 * - `escalated`, `cancelled`: ended so;
 * - `abandoned`: ended because the rule or the step was deleted;
 * - `failed`: ended because even the e-mail could not be sent, for 30 days.
 */
export type ExecutionStatus =
  | 'delivering'
  | 'waiting_for_retry'
  | 'held'
  | 'paused'
  | 'escalating'
  | 'delivered'
  | 'escalated'
  | 'cancelled'
  | 'abandoned'
  | 'failed';
