/** What a span says of itself: never a secret, a body, or the query or user of a URL. What is undefined is left out. */
export type SpanAttributes = Readonly<Record<string, string | number | undefined>>;

/** OpenTelemetry's kinds of span: `internal` unless another process is at its other end. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer';

/** Where a span belongs. */
export interface SpanPlace {
  kind?: SpanKind;
  /** The span that it is part of, as W3C Trace Context has it. Absent, or not valid: it begins a trace. */
  parent?: string | undefined;
  attributes?: SpanAttributes;
}

/** A span that has begun. One that is never ended is never told of. */
export interface Span {
  /** Names it to those that go on with its trace: W3C Trace Context. */
  readonly traceparent: string;
  /** @param error why what it stands for failed, when it did */
  end(attributes?: SpanAttributes, error?: string): void;
}

/** Where spans begin. Whoever may have none does not trace. */
export interface Tracer {
  begin(name: string, place: SpanPlace): Span;
}

/**
 * Runs work within a span, which ends as the work does. Of an error it tells the kind alone: its words may say anything.
 *
 * @param span absent: nothing is traced
 */
export async function within<T>(span: Span | undefined, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    span?.end();
    return result;
  } catch (error) {
    endWithError(span, error);
    throw error;
  }
}

/** Ends a span with the kind of an error: Temporal's failures have a type. */
export function endWithError(span: Span | undefined, error: unknown): void {
  const { type, name = 'Error' } = error as { type?: unknown; name?: string };
  const kind = typeof type === 'string' ? type : name;
  span?.end({ 'error.type': kind }, kind);
}
