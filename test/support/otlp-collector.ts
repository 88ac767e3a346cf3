import { answerJson, Receiver, type ReceivedRequest } from './receiver';
import { until } from './executions';

/** A span as it was handed over. */
export interface CollectedSpan {
  traceId: string;
  spanId: string;
  /** Absent: it begins its trace. */
  parentSpanId?: string;
  name: string;
  /** OTLP's numbers: 1 internal, 2 server, 3 client, 4 producer. */
  kind: number;
  attributes: Record<string, unknown>;
  /** Code 2: it failed. */
  status: { code?: number; message?: string };
  /** Of what process it is. */
  resource: Record<string, unknown>;
}

type Attributes = { key: string; value: Record<string, unknown> }[];

/** As much of OTLP in JSON as is looked at. */
interface TraceRequest {
  resourceSpans: {
    resource: { attributes: Attributes };
    scopeSpans: { spans: (Omit<CollectedSpan, 'attributes' | 'resource'> & { attributes: Attributes })[] }[];
  }[];
}

const record = (attributes: Attributes) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

function spansOf({ json }: ReceivedRequest): CollectedSpan[] {
  return (json as unknown as TraceRequest).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...span,
        attributes: record(span.attributes),
        resource: record(resource.attributes),
      })),
    ),
  );
}

/** Takes spans as an OpenTelemetry collector does: OTLP over HTTP, in JSON. */
export class OtlpCollector {
  private constructor(private readonly receiver: Receiver) {}

  static async start(): Promise<OtlpCollector> {
    return new OtlpCollector(await Receiver.start(answerJson(200, {})));
  }

  get endpoint(): string {
    return this.receiver.url;
  }

  get requests(): readonly ReceivedRequest[] {
    return this.receiver.requests;
  }

  /** Those of a name, in the order in which they ended. */
  spans(name?: string): CollectedSpan[] {
    const all = this.receiver.to('/v1/traces').flatMap(spansOf);
    return name === undefined ? all : all.filter((span) => span.name === name);
  }

  /** Waits for spans of a name that have these attributes. */
  async collected(name: string, attributes: object = {}, count = 1): Promise<CollectedSpan[]> {
    return until(async () => {
      const found = this.spans(name).filter((span) =>
        Object.entries(attributes).every(([key, value]) => span.attributes[key] === value),
      );
      return found.length >= count ? found : undefined;
    });
  }

  close(): Promise<void> {
    return this.receiver.close();
  }
}
