import { HEADERS } from '@consent/events';
import { type ConsumedRecord, headerText } from '@consent/kafka';
import { linksTo } from '@consent/service-host';
import { context, trace } from '@opentelemetry/api';

/** Runs `work` in the trace of the request that the record comes from, so that what it logs carries that trace id. */
export function inTraceOf(record: Pick<ConsumedRecord, 'headers'>, work: () => void): void {
  const [origin] = linksTo([headerText(record, HEADERS.traceparent) ?? ''], 1);
  if (origin === undefined) work();
  else context.with(trace.setSpanContext(context.active(), origin.context), work);
}
