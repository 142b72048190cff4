import { context, type Meter, metrics, propagation, trace, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { observeProcess } from './process-metrics.js';

/** Nest's injection token of the process's telemetry. */
export const TELEMETRY = Symbol('consent telemetry');

export interface Telemetry {
  tracer: Tracer;
  meter: Meter;
  /** All metrics of the process in the Prometheus text format. */
  metricsText(): Promise<string>;
  /** Sends what is still to be sent, then stops; after it nothing is recorded. */
  shutdown(): Promise<void>;
}

export interface TelemetrySettings {
  service: string;
  build: string;
  /** Base URL of an OTLP/HTTP collector. Without one no span is recorded, and trace ids travel all the same. */
  otlpEndpoint?: string | undefined;
}

/**
 * W3C Trace Context, and metrics that the service's own /metrics serves. sdk-node would bring every exporter and the
 * instrumentation loader, 8 to 10 MB resident in each process: the packages are used singly, and the OTLP exporter is
 * loaded only where there is an endpoint.
 */
export async function startTelemetry({ service, build, otlpEndpoint }: TelemetrySettings): Promise<Telemetry> {
  const resource = resourceFromAttributes({ 'service.name': service, 'service.version': build });
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const meterProvider = new MeterProvider({ resource, readers: [exporter] });
  const tracerProvider = new TracerProvider({
    resource,
    // A caller that samples is followed; unrecorded spans still carry ids, for headers and logs.
    sampler: new ParentBasedSampler({ root: otlpEndpoint ? new AlwaysOnSampler() : new AlwaysOffSampler() }),
    spanProcessors: otlpEndpoint ? [await otlpProcessor(otlpEndpoint)] : [],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(meterProvider);

  const meter = meterProvider.getMeter('consent');
  observeProcess(meter);
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    tracer: tracerProvider.getTracer('consent'),
    meter,
    async metricsText() {
      const { resourceMetrics, errors } = await exporter.collect();
      if (errors.length > 0) throw new AggregateError(errors, 'A metric could not be observed');
      return serializer.serialize(resourceMetrics);
    },
    async shutdown() {
      await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown()]);
    },
  };
}

async function otlpProcessor(endpoint: string): Promise<SpanProcessor> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  return new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) });
}
