/** The input of the workflow `dispatchEvent`: an event that matched so many rules that they are started in batches. */
export interface EventDispatch {
  workspace: string;
  /** The sender's id of the event. */
  eventId: string;
  /** The id under which the event and what it matched are on record. */
  eventKey: string;
  /** How many executions there are to be. */
  matched: number;
  /** A trial run, which somebody asked for. */
  test?: true;
  /** What earlier runs of the workflow did, when it continues as new. */
  done?: DispatchProgress;
}

/** What a dispatcher has done so far. */
export interface DispatchProgress extends StartedBatch {
  /** How many of the matches, in the order in which they are on record. */
  offset: number;
}

/** A part of an event's matches, in the order in which they are on record. */
export interface MatchBatch {
  workspace: string;
  eventKey: string;
  offset: number;
  limit: number;
}

/** What became of a batch of starts. */
export interface StartedBatch {
  started: number;
  /** There already, from an earlier try. */
  existed: number;
}
