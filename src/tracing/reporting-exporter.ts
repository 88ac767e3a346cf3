import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

/** No more than one line within this: a collector may be away for days. Milliseconds. */
const REPORT_INTERVAL_MS = 10 * 60_000;

/** Exports by another exporter, and says when that fails, which the SDK itself tells nobody. */
export class ReportingExporter implements SpanExporter {
  private quietUntil = 0;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly url: string,
    private readonly warn: (line: string) => void,
  ) {}

  export(...[spans, done]: Parameters<SpanExporter['export']>): void {
    this.exporter.export(spans, (result) => {
      if (result.error !== undefined) this.report(result.error);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  private report(error: Error & { code?: unknown }): void {
    if (performance.now() < this.quietUntil) return;
    this.quietUntil = performance.now() + REPORT_INTERVAL_MS;
    const status = typeof error.code === 'number' ? `${error.code} ` : '';
    this.warn(`Spans are dropped: ${this.url} does not take them (${status}${error.message})`);
  }
}
