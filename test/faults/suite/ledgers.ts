/** What a round writes down and the checker compares. All times are milliseconds since 1970. */
export interface Ledgers {
  seed: number;
  events: SentEvent[];
  calls: ReceivedCall[];
  executions: FoundExecution[];
  mails: TakenMail[];
  faults: InjectedFault[];
}

/** An event, and what the API said each time that it was posted. */
export interface SentEvent {
  id: string;
  type: string;
  /** Posts that had an answer. */
  answers: { at: number; status: number; executionIds: string[] }[];
}

/** A call as the receiver saw it. */
export interface ReceivedCall {
  at: number;
  executionId: string;
  /** From 0. */
  step: number;
  /** As the request says: 0 on a first attempt. */
  retries: number;
  /** The answers of earlier steps, as the request carries them. */
  carried: unknown[];
  /** What it was answered with. */
  status: number;
}

/** An execution as the API shows it after all has healed. */
export interface FoundExecution {
  id: string;
  ruleId: string;
  eventId: string;
  status: string;
  endedAt: number | undefined;
  /** The attempts of each step, in order. */
  steps: RecordedAttempt[][];
}

export interface RecordedAttempt {
  startedAt: number;
  durationMs: number;
  /** Absent where no status came back. */
  status: number | undefined;
}

export interface TakenMail {
  recipients: string[];
  text: string;
}

/** A fault as it was: from its first effect until all was up again. */
export interface InjectedFault {
  kind: string;
  /** A party or a link between two. */
  target: string;
  /** How often it may interrupt what is under way. */
  strikes: number;
  from: number;
  to: number;
}
