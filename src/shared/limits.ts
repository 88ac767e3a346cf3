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

/** Levels of nesting in the `data` of a sender's own event: far beyond real data, far from a stack's end. */
export const MAX_DATA_DEPTH = 64;

/** The JSON Schema of an event type. Bytes of JSON. */
export const MAX_EVENT_SCHEMA_BYTES = 65_536;

/** What is said about an event type, for people. Characters. */
export const MAX_DESCRIPTION_LENGTH = 2_000;

/** The type of a sender's own event. Characters. */
export const MAX_EVENT_TYPE_LENGTH = 100;

/** A filter: levels of nesting, and its fields, operators and values together. */
export const MAX_FILTER_DEPTH = 8;
export const MAX_FILTER_NODES = 200;

/** Regular expressions of one filter: each takes some milliseconds to compile at worst. */
export const MAX_FILTER_PATTERNS = 10;

/** A regular expression. Characters. */
export const MAX_PATTERN_LENGTH = 256;

/** The longest string that a regular expression is tried on. Characters. */
export const MAX_MATCHED_LENGTH = 65_536;

/**
 * What looking at one value with a filter or a schema may take: values looked at, and for each regular expression its
 * compiled size times the string's length. A unit takes 70 ns at worst, so this is less than 0.1 s.
 */
export const MAX_MATCHING_WORK = 1_000_000;

/** A step's body template: its JSON (bytes), its values, its levels of nesting. */
export const MAX_TEMPLATE_BYTES = 16_384;
export const MAX_TEMPLATE_LEAVES = 200;
export const MAX_TEMPLATE_DEPTH = 32;

/** What a body template may come to. Bytes of JSON. */
export const MAX_RENDERED_BYTES = 262_144;

/** What rendering one body may take. Characters and list items that its filters and outputs make. */
export const MAX_RENDER_WORK = 2_000_000;

/** The same in time, only for what the work does not count: generous, as the processor may be busy. Milliseconds. */
export const MAX_RENDER_MS = 1_000;

/** Static headers of one step, and their names and values together. Bytes. */
export const MAX_STEP_HEADERS = 20;
export const MAX_STEP_HEADER_BYTES = 4_096;

/**
 * An activity's input carries the event and the earlier responses while they are below this; beyond it the activity
 * reads them from the execution's own history. Otherwise each retry of a late step would write everything again,
 * and history would grow with the square of the chain. Bytes of JSON.
 */
export const MAX_INLINE_CONTEXT = 16_384;

/** What is kept of a request's body that a template made: it cannot be made again later. Bytes of UTF-8. */
export const MAX_KEPT_REQUEST = 16_384;

/** What is kept of a failed call's body, and again of its headers, for people to read. Bytes of JSON. */
export const MAX_FAILURE_EXCERPT = 4_096;

/** How often one execution may be told to retry now: bounds its history and its report. */
export const MAX_RETRY_NOW = 100;

/**
 * A search attribute that is a keyword: as wide as the columns of Temporal's SQL visibility. In UTF-8 that is less than
 * the 2 KB that its frontend lets pass. Characters.
 */
export const MAX_KEYWORD_LENGTH = 255;

/** Temporal's limits for a summary (400) and for details (20,000), less what their payload adds. Bytes. */
export const MAX_SUMMARY_BYTES = 380;
export const MAX_DETAILS_BYTES = 19_000;

/**
 * How long a rule that an attempt does not find may come back: an edit that is half saved, or a worker that does not
 * have the rule yet, must not end an execution. Milliseconds.
 */
export const RULE_GONE_GRACE_MS = 10 * 60_000;

/** Executions that a dispatcher starts with one activity: far less than its time limit even on a slow server. */
export const DISPATCH_BATCH = 50;

/** Batches after which a dispatcher continues as new: some 600 events of history, of the 51,200 that one may have. */
export const MAX_BATCHES_PER_RUN = 100;
