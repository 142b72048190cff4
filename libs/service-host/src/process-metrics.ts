import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Meter } from '@opentelemetry/api';

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
const RESOLUTION_MS = 100;

/** What the process itself costs; names as Prometheus client libraries have them. */
export function observeProcess(meter: Meter): void {
  meter
    .createObservableGauge('process_resident_memory_bytes', {
      description: 'Resident memory of the process',
      unit: 'By',
    })
    .addCallback((observed) => observed.observe(process.memoryUsage.rss()));
  meter
    .createObservableCounter('process_cpu_seconds_total', { description: 'User and system CPU time spent', unit: 's' })
    .addCallback((observed) => {
      const { user, system } = process.cpuUsage();
      observed.observe((user + system) / MICROSECONDS);
    });
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  meter
    .createObservableGauge('nodejs_eventloop_delay_p99_seconds', {
      description: '99th percentile of the event loop delay since the last look',
      unit: 's',
    })
    .addCallback((observed) => {
      const p99 = delay.percentile(99);
      // What it measures holds the timer's own interval.
      observed.observe(Number.isFinite(p99) ? Math.max(0, p99 / NANOSECONDS - RESOLUTION_MS / 1_000) : 0);
      delay.reset();
    });
}
