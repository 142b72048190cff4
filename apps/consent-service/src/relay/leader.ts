import { type Logger, type RecordProducer } from '@consent/kafka';
import { BulkAllowance } from './bulk-allowance.js';
import { type RelayConfig } from './config.js';
import { encodeRow, type Encoding } from './encode-row.js';
import { Heartbeats } from './heartbeats.js';
import { type LeaderSession } from './leader-session.js';
import { BULK, LIVE, type OutboxRow } from './outbox-row.js';
import { type EncodedRow, type PortionOutcome, publishPortion } from './publish-portion.js';
import { type RelayMetrics } from './relay-metrics.js';
import { ScanFloor } from './scan-floor.js';
import { SetAside } from './set-aside.js';
import { takePortion } from './take-portion.js';
import { tracePortion } from './trace-portion.js';
import { type WakeSignal } from './wake-signal.js';

export interface Leadership {
  session: LeaderSession;
  producer: RecordProducer;
  encoding: Encoding;
  config: RelayConfig;
  metrics: RelayMetrics;
  logger: Logger;
  signal: WakeSignal;
  stopping: () => boolean;
}

/** Few, so that a live row never waits long behind them. */
const BULK_ROWS_AT_ONCE = 200;
const POLL_MS = 25;
const IDLE_POLL_MS = 50;
const IDLE_AFTER_MS = 1_000;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 2_000;
/** How long a partition that failed is left alone; each try holds the others up for a moment. */
const BLOCKED_MS = { first: 250, longest: 8_000 };
/** How long a subject with a row that cannot be encoded is left alone: that takes a new build to mend. */
const STUCK_MS = 30_000;

/**
 * Publishes until told to stop; throws when the session, and with it the lock, is lost. While one portion is with the
 * broker the next is read; it is sent only after the broker has confirmed the one before, so the order of a subject holds.
 * Rows are deleted by the read that follows their confirmation: a crash in between publishes them twice.
 */
export class Leader {
  readonly #given: Leadership;
  readonly #floor = new ScanFloor();
  readonly #bulk: BulkAllowance;
  readonly #blocked = new SetAside<number>(BLOCKED_MS.first, BLOCKED_MS.longest);
  readonly #stuck = new SetAside<string>(STUCK_MS, STUCK_MS);
  #heartbeats = new Heartbeats();
  #confirmed: number[] = [];
  #inFlight: readonly OutboxRow[] = [];
  #nextBeatAt = 0;
  #nextPortionAt = 0;
  #lastRowAt = performance.now();
  #backoffMs = FIRST_BACKOFF_MS;
  #liveWasFull = false;

  constructor(given: Leadership) {
    this.#given = given;
    this.#bulk = new BulkAllowance(given.config.RELAY_BULK_PER_SECOND, BULK_ROWS_AT_ONCE, performance.now());
  }

  async run(): Promise<void> {
    this.#heartbeats = await Heartbeats.resume(this.#given.session);
    let portion: OutboxRow[] = [];
    let look = true;
    // When stopping, rows already read but not sent are the successor's.
    while (!this.#given.stopping()) {
      const beat = await this.#beat();
      if (portion.length === 0 && (look || beat || (await this.#anythingWaits()))) {
        await this.#linger();
        portion = await this.#take();
      }
      look = portion.length > 0;
      if (portion.length > 0) portion = await this.#publishAndReadOn(portion);
      else look = await this.#given.signal.sleep(this.#isIdle() ? IDLE_POLL_MS : POLL_MS);
    }
    if (this.#confirmed.length > 0) await this.#take({ rows: 0 });
  }

  /** Asked by the clock, where nobody has said that rows were committed: a tenth of what a read costs. */
  async #anythingWaits(): Promise<boolean> {
    const floor = Math.min(this.#floor.of(LIVE), this.#floor.of(BULK));
    const { rows } = await this.#given.session.query<{ waits: boolean }>(
      'SELECT EXISTS (SELECT FROM outbox WHERE id > $1) AS waits',
      [floor],
      'anything-waits',
    );
    return rows[0]?.waits === true;
  }

  async #linger(): Promise<void> {
    const wait = this.#nextPortionAt - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  }

  #isIdle(): boolean {
    return performance.now() - this.#lastRowAt > IDLE_AFTER_MS;
  }

  /** @returns whether it was time for one */
  async #beat(): Promise<boolean> {
    const now = performance.now();
    if (now < this.#nextBeatAt) return false;
    this.#nextBeatAt = now + this.#given.config.RELAY_HEARTBEAT_MS;
    await this.#heartbeats.insert(this.#given.session);
    const { rows } = await this.#given.session.query<{ xmin: string; xmax: string }>(
      'SELECT pg_snapshot_xmin(s)::text AS xmin, pg_snapshot_xmax(s)::text AS xmax FROM pg_current_snapshot() AS s',
    );
    if (rows[0]) this.#floor.observeSnapshot(BigInt(rows[0].xmin), BigInt(rows[0].xmax));
    return true;
  }

  async #take({ rows: limit = this.#given.config.RELAY_PORTION_ROWS } = {}): Promise<OutboxRow[]> {
    const now = performance.now();
    const blockedPartitions = this.#blocked.current(now);
    const stuckSubjects = this.#stuck.current(now);
    const bulkLimit = this.#liveWasFull ? 0 : Math.min(limit, this.#bulk.available(now));
    const { settled } = this.#floor;
    const rows = await takePortion(this.#given.session, {
      confirmed: this.#confirmed,
      inFlight: this.#inFlight.map(({ outboxId }) => outboxId),
      liveFloor: this.#floor.of(LIVE),
      bulkFloor: this.#floor.of(BULK),
      liveLimit: limit,
      bulkLimit,
      blockedPartitions,
      stuckSubjects,
    });
    this.#confirmed = [];
    const bulkRows = rows.filter(({ lane }) => lane === BULK).length;
    this.#bulk.spend(bulkRows);
    this.#liveWasFull = rows.length - bulkRows === limit;
    if (blockedPartitions.length === 0 && stuckSubjects.length === 0)
      this.#floor.observeRead(
        settled,
        rows,
        this.#inFlight,
        bulkLimit > 0 && !this.#liveWasFull ? [LIVE, BULK] : [LIVE],
      );
    return rows;
  }

  /** @returns the rows to publish next, when they have been read already */
  async #publishAndReadOn(portion: OutboxRow[]): Promise<OutboxRow[]> {
    const { session, producer, config } = this.#given;
    const encoded = this.#encode(portion);
    this.#inFlight = portion;
    this.#nextPortionAt = performance.now() + config.RELAY_LINGER_MS;
    await session.assertLeads();
    const sending = tracePortion(encoded, () => publishPortion(producer, encoded));
    const more = portion.length >= Math.min(config.RELAY_PORTION_ROWS, BULK_ROWS_AT_ONCE);
    const [read, sent] = await Promise.allSettled([more ? this.#take() : Promise.resolve([]), sending]);
    this.#inFlight = [];
    this.#lastRowAt = performance.now();
    if (sent.status === 'rejected') throw sent.reason;
    this.#keep(sent.value);
    if (read.status === 'rejected') throw read.reason;
    const complete = sent.value.confirmed.length === encoded.length;
    if (!complete) await this.#afterFailure(sent.value);
    else this.#backoffMs = FIRST_BACKOFF_MS;
    // After a failure these may hold later rows of a subject whose earlier ones are still in the outbox.
    return complete ? read.value : [];
  }

  #encode(portion: readonly OutboxRow[]): EncodedRow[] {
    const sendAt = performance.now();
    const unencodable = new Set<string>();
    const encoded: EncodedRow[] = [];
    for (const row of portion) {
      if (unencodable.has(row.subjectId)) continue;
      try {
        encoded.push({ row, record: encodeRow(row, this.#given.encoding, sendAt) });
      } catch (error) {
        unencodable.add(row.subjectId);
        this.#stuck.add(row.subjectId, sendAt);
        this.#given.metrics.error('unencodable');
        this.#given.logger.error(
          { error: String(error), outboxId: row.outboxId },
          'An outbox row cannot be encoded: it and all that follows for its subject wait',
        );
      }
    }
    return encoded;
  }

  #keep({ confirmed }: PortionOutcome): void {
    for (const row of confirmed) {
      this.#confirmed.push(row.outboxId);
      this.#blocked.forget(row.partition);
      if (row.kind === 'heartbeat') this.#heartbeats.published(row.partition);
    }
    this.#given.metrics.published(confirmed);
  }

  async #afterFailure({ failedPartitions, outage, error }: PortionOutcome): Promise<void> {
    const { metrics, logger } = this.#given;
    metrics.error('not-confirmed');
    logger.warn(
      { error: String(error), failedPartitions, outage },
      outage ? 'The broker confirms nothing: the outbox waits' : 'Some partitions confirm nothing: their rows wait',
    );
    for (const partition of failedPartitions) this.#blocked.add(partition, performance.now());
    if (!outage) return;
    // Not the wake signal: commits must not turn the wait into a busy loop.
    await new Promise((resolve) => setTimeout(resolve, this.#backoffMs));
    this.#backoffMs = Math.min(this.#backoffMs * 2, LONGEST_BACKOFF_MS);
  }
}
