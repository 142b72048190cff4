import { type Link, TraceFlags } from '@opentelemetry/api';

/**
 * Links to the traces that W3C traceparent headers name, each once. What is no traceparent is passed over.
 * @param most links; further ones are left out, for tracing back ends cut long lists
 */
export function linksTo(traceparents: Iterable<string>, most: number): Link[] {
  const links = new Map<string, Link>();
  for (const traceparent of traceparents) {
    if (links.size === most) break;
    if (links.has(traceparent)) continue;
    const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent) ?? [];
    if (traceId === undefined || spanId === undefined) continue;
    const traceFlags = parseInt(flags ?? '0', 16) & TraceFlags.SAMPLED;
    links.set(traceparent, { context: { traceId, spanId, traceFlags, isRemote: true } });
  }
  return [...links.values()];
}
