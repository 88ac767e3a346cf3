/** The input of the workflow `disableDestination`: a destination that has failed for too long, or is gone. */
export interface DisabledDestination {
  workspace: string;
  origin: string;
  /** For people, e.g. `it answered 410 Gone`. */
  reason: string;
  /** Since when its calls fail. ISO 8601, UTC. */
  failingSince: string;
}

/** Who was told of it. */
export interface DisablingReport {
  /** False: somebody else had done it. */
  disabled: boolean;
  /** E-mail addresses. */
  told: string[];
}
