import { context, propagation } from '@opentelemetry/api';

/** The W3C traceparent of the request in hand; null outside of one. */
export function traceparentOf(): string | null {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? null;
}
