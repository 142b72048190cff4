import { type Link, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { HEADERS } from '@consent/events';
import { type ConsumedRecord, headerText } from '@consent/kafka';
import { MOST_LINKS, SPANS } from './names.js';

/** Runs `work` in a span that links to the traces of some of the records. */
export async function inChunkSpan<T>(
  tracer: Tracer,
  system: string,
  records: readonly ConsumedRecord[],
  work: () => Promise<T>,
): Promise<T> {
  const attributes = { 'messaging.batch.message_count': records.length, 'messaging.consumer.group.name': system };
  const options = { kind: SpanKind.CONSUMER, attributes, links: linksOf(records) };
  return tracer.startActiveSpan(SPANS.chunk, options, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      throw error;
    } finally {
      span.end();
    }
  });
}

function linksOf(records: readonly ConsumedRecord[]): Link[] {
  const links: Link[] = [];
  for (const record of records) {
    if (links.length === MOST_LINKS) break;
    const traceparent = headerText(record, HEADERS.traceparent);
    if (traceparent === undefined) continue;
    const found = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent }));
    if (found) links.push({ context: found });
  }
  return links;
}
