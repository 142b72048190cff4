import { HEADERS } from '@consent/events';
import { type ConsumedRecord, headerText } from '@consent/kafka';
import { linksTo } from '@consent/service-host';
import { SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { MOST_LINKS, SPANS } from './names.js';

/** Runs `work` in a span that links to the traces of some of the records. */
export async function inChunkSpan<T>(
  tracer: Tracer,
  system: string,
  records: readonly ConsumedRecord[],
  work: () => Promise<T>,
): Promise<T> {
  const attributes = { 'messaging.batch.message_count': records.length, 'messaging.consumer.group.name': system };
  const options = { kind: SpanKind.CONSUMER, attributes, links: linksTo(traceparentsOf(records), MOST_LINKS) };
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

function* traceparentsOf(records: readonly ConsumedRecord[]): Iterable<string> {
  for (const record of records) {
    const traceparent = headerText(record, HEADERS.traceparent);
    if (traceparent !== undefined) yield traceparent;
  }
}
