import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo } from 'node:net';

/** A span as a process exported it, with the traces that it links to. */
export interface ReceivedSpan {
  service: string;
  name: string;
  traceId: string;
  parentSpanId: string | undefined;
  linkedTraceIds: string[];
}

/** A collector of one's own: takes spans by OTLP/HTTP in JSON and keeps them. */
export interface OtlpReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  endpoint: string;
  /** Spans that belong to the trace, or link to it. */
  ofTrace(traceId: string): ReceivedSpan[];
  close(): Promise<void>;
}

export async function otlpReceiver(): Promise<OtlpReceiver> {
  const received: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      received.push(...spansIn(JSON.parse(body) as ExportRequest));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ofTrace: (traceId) => received.filter((span) => span.traceId === traceId || span.linkedTraceIds.includes(traceId)),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The parts that are read of an ExportTraceServiceRequest (opentelemetry-proto, JSON mapping). */
interface ExportRequest {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: {
      spans: { name: string; traceId: string; parentSpanId?: string; links?: { traceId: string }[] }[];
    }[];
  }[];
}

const spansIn = ({ resourceSpans }: ExportRequest): ReceivedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ name, traceId, parentSpanId, links = [] }) => ({
        service,
        name,
        traceId,
        parentSpanId,
        linkedTraceIds: links.map((link) => link.traceId),
      })),
    );
  });

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
