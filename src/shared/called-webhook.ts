/**
 * A response body as it is kept in an execution's history.
 * `json` keeps the source text, so that a 64-bit integer reaches the next step unchanged.
 */
export interface KeptBody {
  kind: 'json' | 'text' | 'binary';
  /** The body's text; or base64 when `base64` is set. */
  data: string;
  base64?: true;
  /** Only the first part of the body is here (MAX_RESPONSE_BYTES of it). */
  truncated?: true;
  /** Length of the kept part, decompressed. Bytes. */
  bytes: number;
}

export interface KeptResponse {
  status: number;
  headers: Record<string, string>;
  body: KeptBody;
}

/** An earlier step's webhook and its answer: what later steps receive in `webhooks`, but for `step`. */
export interface CalledWebhook {
  /** The step's id, for conditions and templates. Absent in what was recorded before there were any. */
  step?: string;
  url: string;
  response: KeptResponse;
}

/** Where the time of a call went. Milliseconds; what is absent did not take place, or was not come to. */
export interface CallPhases {
  /** The connection was there already. */
  reused?: true;
  dnsMs?: number;
  connectMs?: number;
  tlsMs?: number;
  /** From there to the answer's headers, and from those to its end. */
  firstByteMs?: number;
  bodyMs?: number;
}

/** One call as it went out: what every attempt's record has, delivered or not. */
export interface CallTiming {
  url: string;
  /** ISO 8601, UTC, milliseconds. */
  startedAt: string;
  durationMs: number;
  /** Absent when nothing was sent, and in what was recorded before these were. */
  phases?: CallPhases;
  /** With `[redacted]` in place of all values but our own: of the rule, its credential, the signature. Absent as well. */
  sentHeaders?: Record<string, string>;
}

/** How a request differed from the contract's POST: what people could not be shown later otherwise. */
export interface ShapedRequest {
  method: string;
  /** The first MAX_KEPT_REQUEST bytes of what a template made. Absent: the contract's body, or with GET none. */
  body?: string;
  truncated?: true;
}

/** An attempt that a receiver answered with 20x. */
export interface DeliveredAttempt extends CallTiming {
  response: KeptResponse;
  /** Absent when it was the contract's. */
  request?: ShapedRequest;
}

/** What comes of a step whose condition does not hold: no call. */
export interface SkippedStep {
  /** Why, as a sentence for people. */
  skipped: string;
}

/** An attempt that failed. */
export interface FailedAttempt extends CallTiming {
  /** As the escalation e-mail shows it, e.g. `503 Service Unavailable`, `timed out after 5 s`, `ECONNREFUSED`. */
  error: string;
  status?: number;
  headers?: Record<string, string>;
  /** The beginning of the body, for people. */
  excerpt?: string;
  /** There was more of the body. */
  truncated?: true;
  /** Absent when it was the contract's. */
  request?: ShapedRequest;
  /** The receiver's `Retry-After`. A length of time, because the workflow's clock is another one. Milliseconds. */
  retryAfterMs?: number;
}
