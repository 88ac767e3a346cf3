/** The types of failure by which activities tell the workflow what to decide. Recorded in histories: never renamed. */
export const failureTypes = {
  /** The receiver or the network failed the call; details: [FailedAttempt]. */
  attemptFailed: 'WebhookAttemptFailed',
  /** The rule, or the step, has been deleted since the execution began. */
  ruleGone: 'RuleGone',
  /** As many calls to the destination as may be are under way: retryable, and no attempt. */
  noRoom: 'NoRoom',
  /** Nothing is to be called for now: details: [Hold]. No attempt. */
  held: 'Held',
  /** An event is not on record any more, so that nobody knows what it matched. */
  eventGone: 'EventGone',
  /** A channel did not take a notice. */
  noticeNotTaken: 'NoticeNotTaken',
  /** There is nowhere that a notice could go, or nothing that it could tell of, any more. */
  noticeGone: 'NoticeGone',
} as const;
