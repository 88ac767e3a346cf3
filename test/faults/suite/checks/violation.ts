/** Each promise that the checker holds the service to, by what breaks it. */
export type ViolationKind =
  | 'lost-event'
  | 'half-started-event'
  | 'unasked-execution'
  | 'double-execution'
  | 'wrong-answer-to-sender'
  | 'unfinished-execution'
  | 'wrong-end'
  | 'unrecorded-call'
  | 'unexplained-failure'
  | 'call-after-finish'
  | 'repeated-call'
  | 'wrong-carried-answers'
  | 'early-retry'
  | 'late-retry'
  | 'lost-mail';

export interface Violation {
  kind: ViolationKind;
  /** For people: which event, execution or call, and what is wrong with it. */
  what: string;
}
