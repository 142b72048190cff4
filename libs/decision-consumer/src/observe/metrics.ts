import { type Meter, type ObservableResult } from '@opentelemetry/api';
import { opens } from '@consent/events';
import { type Applied } from '../chunk/apply-chunk.js';
import { METRICS } from './names.js';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** What a scrape reads at that moment. */
export interface Gauges {
  parked: () => number;
  acknowledgements: () => number;
  lag: () => number;
}

export interface ConsumerMetrics {
  chunk(applied: Applied, stream: string, seconds: number, now: number): void;
  retried(): void;
  closingFailed(): void;
  gap(records: number, stream: string): void;
  soughtBack(partitions: number, cause: 'restored' | 'unacknowledged'): void;
}

export function consumerMetrics(meter: Meter, gauges: Gauges): ConsumerMetrics {
  const counter = ({ name, ...options }: { name: string; unit: string; description: string }) =>
    meter.createCounter(name, options);
  const histogram = ({ name, ...options }: { name: string; unit: string; description: string }) =>
    meter.createHistogram(name, { ...options, advice: { explicitBucketBoundaries: SECONDS } });
  const decisions = counter(METRICS.decisions);
  const conflicts = counter(METRICS.conflicts);
  const retries = counter(METRICS.retries);
  const closingsFailed = counter(METRICS.closingsFailed);
  const gaps = counter(METRICS.gaps);
  const seeksBack = counter(METRICS.seeksBack);
  const applyLag = histogram(METRICS.applyLag);
  const chunk = histogram(METRICS.chunk);
  // Alarms are there from the start, at 0: an increase from nothing is none.
  for (const alarm of [conflicts, closingsFailed, retries]) alarm.add(0);
  for (const stream of ['live', 'replays']) gaps.add(0, { stream });
  for (const cause of ['restored', 'unacknowledged']) seeksBack.add(0, { cause });
  for (const [metric, read] of [
    [METRICS.parked, gauges.parked],
    [METRICS.acknowledgements, gauges.acknowledgements],
    [METRICS.lag, gauges.lag],
  ] as const)
    meter
      .createObservableGauge(metric.name, { unit: metric.unit, description: metric.description })
      .addCallback((result: ObservableResult) => result.observe(read()));
  return {
    chunk(applied, stream, seconds, now) {
      chunk.record(seconds, { stream });
      if (applied.conflicts > 0) conflicts.add(applied.conflicts);
      const outcomes = new Map<string, number>();
      for (const { arrival, outcome } of applied.concluded) {
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        if (outcome === 'applied' || outcome === 'no_effect')
          applyLag.record(Math.max(0, now - arrival.record.timestamp) / 1000, {
            direction: opens(arrival.decision) ? 'opening' : 'closing',
          });
      }
      for (const [outcome, count] of outcomes) decisions.add(count, { outcome, stream });
    },
    retried: () => retries.add(1),
    closingFailed: () => closingsFailed.add(1),
    gap: (records, stream) => gaps.add(records, { stream }),
    soughtBack: (partitions, cause) => seeksBack.add(partitions, { cause }),
  };
}
