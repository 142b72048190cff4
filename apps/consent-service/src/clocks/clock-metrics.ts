import { type Counter, type Meter, metrics } from '@opentelemetry/api';
import { CLOCK_METER, CLOCK_METRICS, type ClockKind } from './clock-names.js';

export interface DueNow {
  subjects: number;
  /** Seconds; 0 when nothing is due. */
  oldestAge: number;
  /** Reasoned objections without an answer, and those of them whose reply is late. */
  objections: number;
  overdue: number;
}

/** A database that does not answer: NaN, since an absent figure would be filled with the last one, which looks fine. */
const UNKNOWN: DueNow = { subjects: NaN, oldestAge: NaN, objections: NaN, overdue: NaN };

/** What the scheduler shows of itself. */
export class ClockMetrics {
  readonly #done: Counter;

  constructor({
    meter = metrics.getMeter(CLOCK_METER),
    readDue,
    setAside,
  }: {
    meter?: Meter;
    /** Asked once per scrape. */
    readDue: () => Promise<DueNow>;
    setAside: () => number;
  }) {
    const { due, oldest, done, setAside: aside, objections, overdue } = CLOCK_METRICS;
    this.#done = meter.createCounter(done.name, done);
    meter.createObservableGauge(aside.name, aside).addCallback((result) => result.observe(setAside()));
    const subjects = meter.createObservableGauge(due.name, due);
    const age = meter.createObservableGauge(oldest.name, oldest);
    const open = meter.createObservableGauge(objections.name, objections);
    const late = meter.createObservableGauge(overdue.name, overdue);
    meter.addBatchObservableCallback(
      async (result) => {
        const now = await readDue().catch(() => UNKNOWN);
        result.observe(subjects, now.subjects);
        result.observe(age, now.oldestAge);
        result.observe(open, now.objections);
        result.observe(late, now.overdue);
      },
      [subjects, age, open, late],
    );
  }

  done(done: ReadonlyMap<ClockKind, number>): void {
    for (const [kind, count] of done) this.#done.add(count, { kind });
  }
}
