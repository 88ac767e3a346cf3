/** A part of the service that runs, and how it is stopped. */
export interface Part {
  /** What a person wants to know at start, a line each. */
  about: string[];
  /** Rejects when the part fails; otherwise never settles before `stop`. */
  ended?: Promise<void>;
  stop: () => Promise<void>;
}
