/** What W3C Trace Context says of a span. Ids in lower-case hex. */
export interface SpanReference {
  traceId: string;
  spanId: string;
  /** Whether its trace is kept. */
  sampled: boolean;
}

/** Version 00, and as much of later ones as it has in common with them. No id is all zeros, and there is no version ff. */
const FORM = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Reads a `traceparent`; undefined when it is not valid, which W3C has everybody ignore. */
export function parseTraceparent(text: string): SpanReference | undefined {
  const [, version, traceId, spanId, flags, more] = FORM.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === '00' && more !== undefined) return undefined;
  return { traceId, spanId, sampled: (parseInt(flags, 16) & 1) === 1 };
}

export function traceparentOf({ traceId, spanId, sampled }: SpanReference): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}
