import { HEADERS } from '@consent/events';
import { type ConsumedRecord, headerText } from '@consent/kafka';
import { linksTo } from '@consent/service-host';
import { SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { MOST_LINKS, SPANS } from '../names.js';

/** The traces of what was read and not stored yet: a write spans many of them, and links to as many as it may. */
export class ReadTraces {
  readonly #tracer: Tracer;
  readonly #traceparents = new Set<string>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  read(records: readonly ConsumedRecord[]): void {
    for (const record of records) {
      if (this.#traceparents.size === MOST_LINKS) return;
      const traceparent = headerText(record, HEADERS.traceparent);
      if (traceparent !== undefined) this.#traceparents.add(traceparent);
    }
  }

  /** Runs `store` in a span of its own; in none when nothing but heartbeats was read. */
  async stored(store: () => Promise<void>): Promise<void> {
    const links = linksTo(this.#traceparents, MOST_LINKS);
    this.#traceparents.clear();
    if (links.length === 0) return store();
    await this.#tracer.startActiveSpan(SPANS.store, { kind: SpanKind.CONSUMER, links, root: true }, async (span) => {
      try {
        await store();
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
        throw error;
      } finally {
        span.end();
      }
    });
  }
}
