/** Every limit of the contract and of ours, in one place, with its unit and its reason. */

/** Time for one whole call: DNS, connect, TLS, headers and body together. Contract. Milliseconds. */
export const CALL_TIMEOUT_MS = 5_000;

/** One DNS question to one name server, before it is asked again: most answers take less than a tenth. Milliseconds. */
export const DNS_QUERY_TIMEOUT_MS = 1_200;

/** The whole look-up of a name: leaves time of the call to connect and to be answered. Milliseconds. */
export const DNS_TIMEOUT_MS = 3_000;

/** When a name has addresses of one family, how long those of the other are waited for: some servers never answer. Milliseconds. */
export const DNS_SECOND_FAMILY_MS = 250;

/** Until the next address of a host is tried beside those that have not answered. RFC 8305's. Milliseconds. */
export const CONNECT_STAGGER_MS = 250;

/** Addresses of one host that a call tries: an answer of DNS may name hundreds, to have us knock at each. */
export const MAX_DIALED_ADDRESSES = 8;

/** Addresses of one host to which a proxy is asked for a tunnel, one after another. */
export const MAX_TUNNEL_ATTEMPTS = 3;

/** Time for the check of all URLs of a document that is being saved. Milliseconds. */
export const URL_CHECK_TIMEOUT_MS = 3_000;

/** Look-ups under way at once for that: a document may name thousands of hosts. */
export const MAX_URL_CHECK_LOOKUPS = 50;

/**
 * From the beginning of an attempt's activity to the end of its last call: of the activity's 15 s, less 2 s for the record
 * of how the receiver is doing and 1 s for the way to Temporal. Two calls fit, as with an OAuth2 token and the call itself.
 * Milliseconds.
 */
export const ATTEMPT_TIME_MS = 12_000;

/**
 * Activities that one worker runs at once, most of which wait for a receiver: about what one process can make of calls
 * that take all of their 5 s.
 */
export const WORKER_SLOTS = 500;

/**
 * First calls that one worker makes within workflow tasks at the same time. Each takes one of its slots for those, for as
 * long as the receiver takes.
 */
export const MAX_CALLS_AT_ONCE = 100;

/** Workflow tasks that one worker runs at once: so many are left when all of MAX_CALLS_AT_ONCE wait for slow receivers. */
export const WORKFLOW_TASK_SLOTS = MAX_CALLS_AT_ONCE + 100;

/**
 * How long a call waits for room within its activity, in a slot of its worker. For longer it goes back to Temporal, whose
 * timers for it are no finer than a second. Milliseconds.
 */
export const MAX_WAIT_HERE_MS = 1_000;

/** OAuth2 tokens that a process holds, of all workspaces together: some 10 MB of large ones. */
export const MAX_ACCESS_TOKENS = 1_000;

/** How much of a response is read, counted after decompression. Contract: 100 KB. Bytes. */
export const MAX_RESPONSE_BYTES = 102_400;

/**
 * Compressed bytes of a response that are taken before MAX_RESPONSE_BYTES have come of them: 100 KB never need as many, but
 * there are bytes that go on and come to nothing. Bytes.
 */
export const MAX_ENCODED_BYTES = 1_048_576;

/** A receiver's response headers beyond this fail the attempt. Node's own default. Bytes. */
export const MAX_RESPONSE_HEADER_BYTES = 16_384;

/**
 * Connections to one receiver that a process keeps at once: more than a worker's calls under way, so that none waits for
 * one; it holds what a fault of ours would let grow.
 */
export const MAX_CONNECTIONS_PER_ORIGIN = 256;

/** Connections that a process keeps without a call, over all receivers; the one that is idle longest is closed for a new one. */
export const MAX_IDLE_CONNECTIONS = 256;

/**
 * How long a connection is kept without a call: less than the 5 s after which Node's own servers close one. Milliseconds.
 */
export const IDLE_CONNECTION_MS = 4_000;

/** The same, for a receiver that says itself how long it keeps one (`Keep-Alive: timeout=…`). Milliseconds. */
export const MAX_IDLE_CONNECTION_MS = 60_000;

/** The same with HTTP/2, where a receiver announces that it closes one. Milliseconds. */
export const IDLE_HTTP2_CONNECTION_MS = 30_000;

/** Calls at once on one HTTP/2 connection; less when the receiver says so. RFC 9113 advises to allow no fewer. */
export const MAX_HTTP2_STREAMS = 100;

/** Client certificates and proxies of workspaces that a process keeps ready: one takes some 100 KB at worst. */
export const MAX_CONNECTORS = 500;

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

/** A credential's secret text: a token of a large identity provider, with all its claims, fits. Characters. */
export const MAX_SECRET_LENGTH = 16_384;

/** A key or a chain of certificates in PEM form. Characters. */
export const MAX_PEM_LENGTH = 65_536;

/** Origins that one credential may go to. */
export const MAX_CREDENTIAL_ORIGINS = 20;

/** Keys of a destination that sign at once: each makes the signature header 50 or 95 bytes longer. */
export const MAX_SIGNING_KEYS = 5;

/** A scorecard's domain or id: as long as a domain may be (RFC 1035). Characters. */
export const MAX_SCORECARD_LENGTH = 253;

/** An origin: `https://`, a domain as long as it may be, `:65535`, and the slash that it may be written with. Characters. */
export const MAX_ORIGIN_LENGTH = 268;

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

/** Temporal's limits for a summary (400) and for details (20,000), less what their payload adds (122 when it is encrypted). Bytes. */
export const MAX_SUMMARY_BYTES = 270;
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

/**
 * A payload from this size on is compressed. A smaller one saves less than the event around it weighs, and people can read
 * it in any Temporal UI. Bytes.
 */
export const COMPRESS_FROM_BYTES = 4_096;

/** A payload before it is compressed: as much as a gRPC message of Temporal may have, so that no answer of ours is beyond it. Bytes. */
export const MAX_PAYLOAD_BYTES = 4 * 1_048_576;

/** What the codec endpoint takes: a gRPC message's worth of payloads (4 MB), in base64 and JSON. Bytes. */
export const MAX_CODEC_BODY_BYTES = 8 * 1_048_576;

/** What it answers with: some compressed payloads could unpack to gigabytes. Bytes of payload data. */
export const MAX_CODEC_ANSWER_BYTES = 16 * 1_048_576;

/** How long signing keys sign beside the one that replaced them: time for receivers to learn it, and an end. Hours. */
export const DEFAULT_KEY_OVERLAP_HOURS = 24;
export const MAX_KEY_OVERLAP_HOURS = 168;

/** Hosts that a workspace calls without its egress proxy. */
export const MAX_NO_PROXY_HOSTS = 100;

/** How long a step is held at least before it is given up. Contract: 36 hours. Milliseconds. */
export const MIN_HOLD_MS = 36 * 3_600_000;

/** Between two looks of a held execution: each adds some ten events to its history, of the 51,200 that one may have. Milliseconds. */
export const MIN_LOOK_INTERVAL_MS = 60_000;

/**
 * The same, as a share of the time since the step's first attempt or look: so a step that is held for 36 hours looks some 400
 * times at most, and ten such steps stay within a history.
 */
export const MIN_LOOK_SHARE = 0.01;

/** How long a circuit breaker stays open at first, and at most: each time that it opens again it is twice as long. Milliseconds. */
export const BREAKER_COOL_DOWN_MS = 30_000;
export const MAX_BREAKER_COOL_DOWN_MS = 600_000;

/** How long others wait for the one call that sees whether a host is back: more than an attempt takes. Milliseconds. */
export const PROBE_LEASE_MS = 15_000;

/** First and longest wait between two looks at what people disabled or paused: releasing is quicker than that. Milliseconds. */
export const MIN_DISABLED_LOOK_MS = 300_000;
export const MAX_LOOK_INTERVAL_MS = 3_600_000;

/** Why something was disabled, cancelled and the like. Characters. */
export const MAX_REASON_LENGTH = 500;

/** Executions that a bulk operation acts on with one activity: far less than its time limit even on a slow server. */
export const BULK_BATCH = 50;

/** How fast a bulk operation goes unless told, and at most. Executions in a second. */
export const DEFAULT_BULK_RATE = 20;
export const MAX_BULK_RATE = 200;

/** What a bulk operation's report keeps of refusals: reasons that are counted apart, and executions that are named. */
export const MAX_BULK_REASONS = 50;
export const MAX_BULK_EXAMPLES = 100;

/** Executions that are shown of a selection before it is acted on. */
export const BULK_SAMPLE = 10;

/** How long it is kept how calls to a destination went. Milliseconds. */
export const CALL_COUNTS_KEPT_MS = 7 * 86_400_000;

/** Whole hours of calls that are told of unless somebody asks for others. */
export const RECENT_HOURS = 24;

/** Counts of calls that a process keeps between two writes: some 10 for each destination. More are not counted. */
export const MAX_CALL_COUNTS = 20_000;

/** Executions of an export that are asked for at once, and histories, of up to some MB each, that are read at once. */
export const EXPORT_PAGE = 100;
export const EXPORT_CONCURRENCY = 8;

/** Executions that a chart reads rather than counts part by part: some 0.2 s for the processor. */
export const FEW_EXECUTIONS = 2_000;

/** How old the figures of a chart may be. Milliseconds. */
export const FIGURES_KEPT_MS = 5_000;

/** The same, of executions that began more than an hour ago, where there are many. Milliseconds. */
export const OLD_FIGURES_KEPT_MS = 300_000;

/** Of one rule, who is told besides its owner: by e-mail, and by channels. */
export const MAX_RECIPIENTS = 20;
export const MAX_CHANNELS = 10;

/** How long a channel may have us wait before a notice is sent again. Milliseconds. */
export const MAX_NOTICE_DELAY_MS = 3_600_000;

/** How long a session of the dashboard lasts without being used, and at the longest. Milliseconds. */
export const SESSION_IDLE_MS = 12 * 3_600_000;
export const SESSION_MS = 7 * 86_400_000;

/** How long a link signs in, once. Milliseconds. */
export const SESSION_LINK_MS = 300_000;

/** Sign-ins from one address that may fail within a minute, in each process. */
export const MAX_FAILED_SIGN_INS = 10;
/** Within which a schedule's run that was due while nothing could run is made up for. The least is Temporal's. Milliseconds. */
export const MIN_CATCHUP_MS = 10_000;
export const MAX_CATCHUP_MS = 365 * 86_400_000;

/** Scorecards for which a schedule's run starts executions with one activity: far less than its time limit even on a slow server. */
export const SCHEDULE_BATCH = 50;

/** Runs of one backfill: as many as Temporal keeps waiting for each other. */
export const MAX_BACKFILL_RUNS = 1_000;
