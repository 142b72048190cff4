import { SYSTEMS } from '@consent/events';
import { type Counter, type Histogram, type Meter } from '@opentelemetry/api';
import { type Settlement } from './gather/transition.js';
import { DECISIONS, METRICS } from './names.js';

const SECONDS = 1_000;
const LAG_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600, 86_400];
const CHUNK_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What is counted as it happens; what is a state is observed from the status (status/observe.ts). */
export class MonitorMetrics {
  readonly #lag: Histogram;
  readonly #chunk: Histogram;
  readonly #unusable: Counter;

  constructor(meter: Meter) {
    const histogram = ({ name, ...rest }: { name: string; unit: string; description: string }, boundaries: number[]) =>
      meter.createHistogram(name, { ...rest, advice: { explicitBucketBoundaries: boundaries } });
    this.#lag = histogram(METRICS.lag, LAG_BUCKETS_S);
    this.#chunk = histogram(METRICS.chunk, CHUNK_BUCKETS_S);
    this.#unusable = meter.createCounter(METRICS.unusable.name, METRICS.unusable);
    for (const told of [...SYSTEMS, DECISIONS]) this.#unusable.add(0, { system: told });
  }

  stored(settled: readonly Settlement[], tookMs: number): void {
    this.#chunk.record(tookMs / SECONDS);
    for (const { systemId, direction, lane, lagMs } of settled)
      this.#lag.record(lagMs / SECONDS, { system: systemId, direction, lane });
  }

  unusable(system: string): void {
    this.#unusable.add(1, { system });
  }
}
