import { type Counter, type Meter, metrics } from '@opentelemetry/api';
import { BULK, type OutboxRow } from './outbox-row.js';
import { RELAY_METRICS, RELAY_TRACER } from './relay-names.js';

export interface OutboxLane {
  lane: 'live' | 'bulk';
  rows: number;
  /** Seconds; 0 when nothing waits. */
  oldestAge: number;
}

export interface RelayMetricsSettings {
  meter?: Meter;
  /** Asked once per scrape. */
  readOutbox: () => Promise<OutboxLane[]>;
  leads: () => boolean;
}

/** A database that does not answer: NaN, since an absent figure would be filled with the last one, which looks fine. */
const UNKNOWN: OutboxLane[] = [
  { lane: 'live', rows: NaN, oldestAge: NaN },
  { lane: 'bulk', rows: NaN, oldestAge: NaN },
];

const REASONS = ['not-confirmed', 'unencodable', 'lead-lost'] as const;

/** What the relay shows of itself. */
export class RelayMetrics {
  readonly #published: Counter;
  readonly #errors: Counter;

  constructor({ meter = metrics.getMeter(RELAY_TRACER), readOutbox, leads }: RelayMetricsSettings) {
    const { depth, oldestAge, published, errors, leader } = RELAY_METRICS;
    this.#published = meter.createCounter(published.name, published);
    this.#errors = meter.createCounter(errors.name, errors);
    for (const reason of REASONS) this.#errors.add(0, { reason });
    meter.createObservableGauge(leader.name, leader).addCallback((result) => result.observe(leads() ? 1 : 0));
    const rows = meter.createObservableGauge(depth.name, depth);
    const age = meter.createObservableGauge(oldestAge.name, oldestAge);
    meter.addBatchObservableCallback(
      async (result) => {
        for (const lane of await readOutbox().catch(() => UNKNOWN)) {
          result.observe(rows, lane.rows, { lane: lane.lane });
          result.observe(age, lane.oldestAge, { lane: lane.lane });
        }
      },
      [rows, age],
    );
  }

  published(rows: readonly OutboxRow[]): void {
    const counts = new Map<string, { lane: 'live' | 'bulk'; kind: OutboxRow['kind']; count: number }>();
    for (const row of rows) {
      const key = `${row.lane} ${row.kind}`;
      const counted = counts.get(key);
      if (counted) counted.count++;
      else counts.set(key, { lane: row.lane === BULK ? 'bulk' : 'live', kind: row.kind, count: 1 });
    }
    for (const { lane, kind, count } of counts.values()) this.#published.add(count, { lane, kind });
  }

  error(reason: (typeof REASONS)[number]): void {
    this.#errors.add(1, { reason });
  }
}
