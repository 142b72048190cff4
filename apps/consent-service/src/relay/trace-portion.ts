import { linksTo } from '@consent/service-host';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { type EncodedRow, type PortionOutcome } from './publish-portion.js';
import { PUBLISH_SPAN, RELAY_TRACER } from './relay-names.js';

/** Enough to find the portion from a request; tracing back ends cut longer lists. */
const MOST_LINKS = 100;

/** Runs `publish` in a span linked to the requests whose decisions it publishes; no span for heartbeats alone. */
export async function tracePortion(
  portion: readonly EncodedRow[],
  publish: () => Promise<PortionOutcome>,
): Promise<PortionOutcome> {
  const links = linksTo(
    portion.flatMap(({ row }) => row.traceparent ?? []),
    MOST_LINKS,
  );
  if (links.length === 0) return publish();
  const span = trace.getTracer(RELAY_TRACER).startSpan(PUBLISH_SPAN, {
    kind: SpanKind.PRODUCER,
    links,
    attributes: { 'messaging.system': 'kafka', 'messaging.batch.message_count': portion.length },
  });
  try {
    const outcome = await publish();
    if (outcome.confirmed.length < portion.length)
      span.setStatus({
        code: SpanStatusCode.ERROR,
        message: `${portion.length - outcome.confirmed.length} not confirmed`,
      });
    return outcome;
  } finally {
    span.end();
  }
}
