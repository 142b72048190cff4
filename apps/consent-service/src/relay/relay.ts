import { type ConsentDecision, ConsentDecisionSchema, decisionFormat, type Topics } from '@consent/events';
import {
  type Logger,
  type RecordProducer,
  RegistryError,
  registrySubjectOf,
  type SchemaRegistry,
} from '@consent/kafka';
import { type RelayConfig } from './config.js';
import { type Encoding } from './encode-row.js';
import { Leader } from './leader.js';
import { LeaderSession } from './leader-session.js';
import { type RelayMetrics } from './relay-metrics.js';
import { WakeSignal } from './wake-signal.js';

export interface RelaySettings {
  /** The service's own database, app role. */
  databaseUrl: string;
  topics: Topics;
  registry: SchemaRegistry;
  producer: RecordProducer;
  toDecision: (ledgerRow: Record<string, unknown>) => ConsentDecision;
  config: RelayConfig;
  metrics: (leads: () => boolean) => RelayMetrics;
  logger: Logger;
}

export type RelayState = 'starting' | 'standby' | 'leader' | 'failing' | 'stopped';

/** How often a standby tries for the lock. */
const STANDBY_MS = 250;
const AFTER_LOSS_MS = 500;

/** Publishes the outbox of one database. Any number may run: one leads, the others stand by. */
export class Relay {
  readonly #settings: RelaySettings;
  readonly #signal = new WakeSignal();
  readonly #metrics: RelayMetrics;
  #state: RelayState = 'starting';
  #lastError: Error | null = null;
  #stopping = false;
  #running: Promise<void> | null = null;
  #encoding: Promise<Encoding> | null = null;

  constructor(settings: RelaySettings) {
    this.#settings = settings;
    this.#metrics = settings.metrics(() => this.#state === 'leader');
  }

  get state(): RelayState {
    return this.#state;
  }

  /** Why the relay last failed; null when it never did. */
  get lastError(): Error | null {
    return this.#lastError;
  }

  /** Tells the relay that rows have been committed, which spares them the wait for the next look. */
  wake(): void {
    this.#signal.wake();
  }

  /** @throws RegistryError when the schema of this build is not registered; a registry that is away is waited for */
  async start(): Promise<void> {
    await this.#readEncoding().catch((error: unknown) => {
      if (!(error instanceof RegistryError && error.retriable)) throw error;
    });
    this.#running = this.#run();
  }

  /** Finishes the portion in hand, gives the lock away, closes the producer. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#signal.wake();
    await this.#running;
    await this.#settings.producer.close();
    this.#state = 'stopped';
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      let session: LeaderSession | null = null;
      try {
        const encoding = await this.#readEncoding();
        session = await LeaderSession.open(this.#settings.databaseUrl);
        await this.#standBy(session);
        if (!this.#stopping) await this.#lead(session, encoding);
      } catch (error) {
        this.#state = 'failing';
        this.#lastError = error instanceof Error ? error : new Error(String(error));
        this.#metrics.error('lead-lost');
        this.#settings.logger.warn(
          { error: String(error) },
          'The relay has lost its lead, or could not get it, and tries again',
        );
      } finally {
        await session?.close();
      }
      if (!this.#stopping) await new Promise((resolve) => setTimeout(resolve, AFTER_LOSS_MS));
    }
  }

  async #standBy(session: LeaderSession): Promise<void> {
    while (!this.#stopping && !(await session.tryToLead())) {
      this.#state = 'standby';
      await new Promise((resolve) => setTimeout(resolve, STANDBY_MS));
    }
  }

  async #lead(session: LeaderSession, encoding: Encoding): Promise<void> {
    const { producer, config, logger } = this.#settings;
    this.#state = 'leader';
    logger.info({}, 'The relay leads: it publishes the outbox');
    await new Leader({
      session,
      producer,
      encoding,
      config,
      metrics: this.#metrics,
      logger,
      signal: this.#signal,
      stopping: () => this.#stopping,
    }).run();
  }

  #readEncoding(): Promise<Encoding> {
    const { registry, topics, toDecision } = this.#settings;
    this.#encoding ??= Promise.all(
      [topics.decisions, topics.replays].map((topic) => registry.idOf(registrySubjectOf(topic), ConsentDecisionSchema)),
    ).then(
      ([decisionSchemaId = 0, replaySchemaId = 0]) => ({
        topics,
        format: decisionFormat(),
        decisionSchemaId,
        replaySchemaId,
        toDecision,
      }),
      (error: unknown) => {
        this.#encoding = null;
        throw error;
      },
    );
    return this.#encoding;
  }
}
