/** Every limit of the contract and of ours, in one place, with its unit and its reason. */

/** Time for one whole call: DNS, connect, TLS, headers and body together. Contract. Milliseconds. */
export const CALL_TIMEOUT_MS = 5_000;

/** How much of a response is read, counted after decompression. Contract: 100 KB. Bytes. */
export const MAX_RESPONSE_BYTES = 102_400;

/** A receiver's response headers beyond this fail the attempt. Node's own default. Bytes. */
export const MAX_RESPONSE_HEADER_BYTES = 16_384;

/** Steps of one rule: with 100 KB kept of each, an execution stays far below Temporal's 50 MB of history. */
export const MAX_STEPS = 10;

/** Retries that one rule's schedule may hold: bounds an execution's history. */
export const MAX_RETRIES = 20;

/** Sum of a schedule's delays. Milliseconds: 30 days. */
export const MAX_SCHEDULE_MS = 30 * 24 * 3_600_000;

/** Delays before retries 1 to 5, each after the attempt before it: 6 min, 1 h, 4 h, 12 h and 36 h after the first. Contract. */
export const DEFAULT_RETRY_DELAYS_MS: readonly number[] = [6, 54, 180, 480, 1_440].map(
  (minutes) => minutes * 60_000,
);

/** Longest URL that a step may have. Characters. */
export const MAX_URL_LENGTH = 2_048;

/** Longest rule name, step id and the like. Characters. */
export const MAX_NAME_LENGTH = 200;

/** A scorecard's domain or id: as long as a domain may be (RFC 1035). Characters. */
export const MAX_SCORECARD_LENGTH = 253;

/** An event in its JSON form. Bytes. */
export const MAX_EVENT_BYTES = 262_144;

/**
 * An activity's input carries the event and the earlier responses while they are below this; beyond it the activity
 * reads them from the execution's own history. Otherwise each retry of a late step would write everything again,
 * and history would grow with the square of the chain. Bytes of JSON.
 */
export const MAX_INLINE_CONTEXT = 16_384;

/** What is kept of a failed call's body, and again of its headers, for people to read. Bytes of JSON. */
export const MAX_FAILURE_EXCERPT = 4_096;

/** How often one execution may be told to retry now: bounds its history and its report. */
export const MAX_RETRY_NOW = 100;

/** Temporal's limits for a summary (400) and for details (20,000), less what their payload adds. Bytes. */
export const MAX_SUMMARY_BYTES = 380;
export const MAX_DETAILS_BYTES = 19_000;

/**
 * How long a rule that an attempt does not find may come back: an edit that is half saved, or a worker that does not
 * have the rule yet, must not end an execution. Milliseconds.
 */
export const RULE_GONE_GRACE_MS = 10 * 60_000;
