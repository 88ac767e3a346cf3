/** What holds calls. */
export type HoldCause = 'rule_paused' | 'destination_disabled' | 'circuit_open';

/** Why no call is to be made for now: detail of a failure of type `held`. */
export interface Hold {
  /** For people, e.g. `the rule is paused`, `https://hooks.example.com is disabled`. */
  reason: string;
  /** Absent in what was recorded before it was told. */
  because?: HoldCause;
  /** The origin that would have been called. */
  origin: string;
  /** How long to wait before a look whether it still holds, unless somebody releases the execution before. Milliseconds. */
  lookAgainMs: number;
}
