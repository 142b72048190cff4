import {
  context,
  type Histogram,
  type Meter,
  propagation,
  type Span,
  SpanKind,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { type FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The server span of the request; absent for health and metrics. */
    span?: Span;
  }
}

/** Asked for every few seconds by machines: no span, no duration. */
const UNTRACED = new Set(['/livez', '/readyz', '/startupz', '/metrics']);

/** Continues the caller's trace (W3C traceparent), makes the server span active for handlers, and measures durations. */
export function traceRequests(instance: FastifyInstance, tracer: Tracer, meter: Meter): void {
  const durations = durationHistogram(meter);

  instance.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url;
    if (route === undefined || !UNTRACED.has(route)) {
      const parent = propagation.extract(context.active(), request.headers);
      request.span = tracer.startSpan(
        `${request.method} ${route ?? '(no route)'}`,
        { kind: SpanKind.SERVER, attributes: { 'http.request.method': request.method, 'http.route': route ?? '' } },
        parent,
      );
    }
    done();
  });

  // After the body has been read: what runs before that resumes on the socket's events, outside of the context.
  instance.addHook('preHandler', (request, _reply, done) => {
    if (request.span) context.with(trace.setSpan(context.active(), request.span), done);
    else done();
  });

  instance.addHook('onResponse', (request, reply, done) => {
    const { span } = request;
    if (span) {
      span.setAttribute('http.response.status_code', reply.statusCode);
      span.end();
      durations.record(reply.elapsedTime / 1_000, {
        method: request.method,
        route: request.routeOptions.url ?? '(no route)',
        status: reply.statusCode,
      });
    }
    done();
  });
}

const durationHistogram = (meter: Meter): Histogram =>
  meter.createHistogram('http_server_request_duration_seconds', {
    description: 'Time from the request line to the last byte of the answer, by route template',
    unit: 's',
    advice: { explicitBucketBoundaries: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
  });
