/** Why no call is to be made for now: detail of a failure of type `held`. */
export interface Hold {
  /** For people, e.g. `the rule is paused`, `https://hooks.example.com is disabled`. */
  reason: string;
  /** The origin that would have been called. */
  origin: string;
  /** How long to wait before a look whether it still holds, unless somebody releases the execution before. Milliseconds. */
  lookAgainMs: number;
}
