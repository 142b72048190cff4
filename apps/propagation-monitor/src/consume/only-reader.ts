import { type Logger } from '@consent/service-host';
import pg from 'pg';
import { SERVICE } from '../names.js';

/** Any constant; the lock is per database. */
const LOCK_KEY = '7303014520160002';
const TRY_EVERY_MS = 1_000;
const QUERY_WITHIN_MS = 5_000;
/** The server ends a session that says nothing for so long: the lock of a stopped process is free again. */
const IDLE_SESSION_MS = 10_000;
const SESSION_SETTINGS = `-c idle_session_timeout=${IDLE_SESSION_MS} -c tcp_keepalives_idle=2 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3`;

export interface OnlyReaderSettings {
  databaseUrl: string;
  logger: Logger;
  /** It is this replica's turn; called once. */
  read: () => Promise<void>;
  /** Reading could not begin, or another replica reads since the session was lost: let the process exit. */
  onCrash: (error: Error) => void;
}

/**
 * Of several replicas one reads, the one that holds the advisory lock; the others stand by and take over within a second of its
 * end. Two that share the partitions would each know half of how far reading has come, and call everything unknown. A reader that
 * only loses its session, as when the database restarts, goes on: what two have stored meanwhile merges.
 */
export class OnlyReader {
  readonly #settings: OnlyReaderSettings;
  #client: pg.Client | null = null;
  #holds = false;
  #reads = false;
  #running = true;
  #timer: NodeJS.Timeout | null = null;
  #trying: Promise<void> = Promise.resolve();
  #reading: Promise<void> = Promise.resolve();

  constructor(settings: OnlyReaderSettings) {
    this.#settings = settings;
  }

  get standsBy(): boolean {
    return !this.#reads;
  }

  /** Reads, or stands by when another replica does. @throws what the database throws at the first try */
  async start(): Promise<void> {
    await this.#try();
    if (this.standsBy) this.#settings.logger.info('Another replica reads: this one stands by');
    this.#again();
    await this.#reading;
  }

  /** Frees the lock once reading has ended. */
  async stop(endReading: () => Promise<void>): Promise<void> {
    this.#running = false;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#trying;
    await this.#reading;
    await endReading();
    await this.#disconnect();
  }

  #again(): void {
    if (!this.#running) return;
    this.#timer = setTimeout(() => {
      this.#trying = this.#try()
        .catch(async (error: unknown) => {
          this.#settings.logger.warn({ err: error }, 'The lock of the one that reads could not be asked for');
          await this.#disconnect();
        })
        .then(() => this.#again());
    }, TRY_EVERY_MS);
  }

  async #try(): Promise<void> {
    const client = (this.#client ??= await connect(this.#settings.databaseUrl));
    const { rows } = await client.query<{ holds: boolean }>(
      this.#holds ? 'SELECT true AS holds' : 'SELECT pg_try_advisory_lock($1::bigint) AS holds',
      this.#holds ? [] : [LOCK_KEY],
    );
    this.#holds = rows[0]?.holds === true;
    if (this.#holds === this.#reads) return;
    if (this.#reads) return this.#settings.onCrash(new Error('Another replica reads since the session was lost'));
    this.#reads = true;
    // Joining the group takes longer than the session may be silent.
    this.#reading = this.#settings.read().catch(this.#settings.onCrash);
  }

  async #disconnect(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    this.#holds = false;
    await client?.end().catch(() => undefined);
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `${SERVICE}-lock`,
    connectionTimeoutMillis: QUERY_WITHIN_MS,
    query_timeout: QUERY_WITHIN_MS,
    options: SESSION_SETTINGS,
  });
  // A lost session is noticed at the next try.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
