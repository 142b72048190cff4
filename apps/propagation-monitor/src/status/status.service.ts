import { SYSTEMS } from '@consent/events';
import { withTransaction } from '@consent/postgres';
import { type DataSource } from 'typeorm';
import { type LedgerStatus } from '../attest/attestation.js';
import { type Attestor } from '../attest/attestor.js';
import { type Config } from '../config.js';
import { LOOK_EVERY_MS, type Watcher } from '../consume/watcher.js';
import { FiguresCache } from './figures-cache.js';
import { readStatus } from './read-status.js';
import {
  iso,
  type ReadingOf,
  type RelayStatus,
  relayStatus,
  type SystemStatus,
  systemStatus,
} from './system-status.js';

/** A look at the topics older than this proves nothing. */
const LOOK_MOST_AGE_MS = 3 * LOOK_EVERY_MS;
/** Heartbeats come each second; a relay's standby takes over within five. */
const RELAY_STUCK_AFTER_MS = 10_000;

export interface PipelineStatus {
  systems: SystemStatus[];
  relay: RelayStatus;
  /** Whether the topic has shown what the ledger holds. */
  ledger: LedgerStatus;
  monitor: MonitorStatus;
}

/** How far the monitor itself is. */
export interface MonitorStatus {
  unreadDecisions: number;
  behind: boolean;
  figuresReadAt: string;
  /** As in each system's status. */
  countedUntil: string | null;
}

/** The status of the whole pipeline at a moment. */
export class StatusService {
  readonly #config: Config;
  readonly #watcher: Watcher;
  readonly #attestor: Pick<Attestor, 'status'>;
  readonly #figures: FiguresCache;

  constructor(config: Config, dataSource: DataSource, watcher: Watcher, attestor: Pick<Attestor, 'status'>) {
    this.#config = config;
    this.#watcher = watcher;
    this.#attestor = attestor;
    const windowMs = config.MONITOR_LAG_WINDOW_S * 1_000;
    this.#figures = new FiguresCache((now) =>
      withTransaction(dataSource, (tx) => readStatus(tx, { now, windowMs, decisionsTopic: watcher.topicOf(null) })),
    );
  }

  async at(now: number): Promise<PipelineStatus> {
    const figures = await this.#figures.at(now);
    const reading = this.#reading({ now, figuresReadAt: figures.readAt });
    const relay = relayStatus(figures, reading.decisions, now, RELAY_STUCK_AFTER_MS);
    const limits = {
      silentAfterMs: this.#config.MONITOR_SILENT_AFTER_MS,
      behindAfterMs: this.#config.MONITOR_BEHIND_AFTER_MS,
    };
    const { countedUntil, firstHeartbeatAt } = figures;
    const systems = [...figures.systems].map(([id, found]) =>
      systemStatus(id, found, { now, reading, relay, limits, firstHeartbeatAt, countedUntil }),
    );
    return {
      systems,
      relay,
      ledger: this.#attestor.status(now),
      monitor: {
        unreadDecisions: reading.decisions.unread,
        behind: reading.decisions.behind || SYSTEMS.some((system) => reading.acknowledgements(system).behind),
        figuresReadAt: new Date(figures.readAt).toISOString(),
        countedUntil: iso(countedUntil),
      },
    };
  }

  #reading(at: { now: number; figuresReadAt: number }): ReadingOf {
    const of = (system: string | null) =>
      this.#watcher.progress.of(this.#watcher.topicOf(system), at, LOOK_MOST_AGE_MS);
    return { decisions: of(null), acknowledgements: of };
  }
}
