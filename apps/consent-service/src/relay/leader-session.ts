import pg from 'pg';

/** Any constant; the lock is per database. */
const LOCK_KEY = '7303014520160001';
const KEEP_ALIVE_MS = 1_000;
const CLOSE_WITHIN_MS = 1_000;
/** Time after which the server ends a session that says nothing, which frees the lock of a stopped process. */
const IDLE_SESSION_MS = 3_000;

const SESSION_SETTINGS = {
  idle_session_timeout: IDLE_SESSION_MS,
  // A cut network or a dead host: the server notices by itself, without the client.
  tcp_keepalives_idle: 1,
  tcp_keepalives_interval: 1,
  tcp_keepalives_count: 3,
  tcp_user_timeout: 3_000,
  statement_timeout: 10_000,
  // A delete that a crash of the server takes back publishes a row twice, which nothing downstream minds.
  synchronous_commit: 'off',
  // Array parameters are hashed only when the planner sees their values.
  plan_cache_mode: 'force_custom_plan',
  // The ledger is read entry by entry, by its index, while it is small enough to be read whole too.
  enable_seqscan: 'off',
  random_page_cost: 1.1,
};

/**
 * A connection of its own that holds the relay's advisory lock while it leads. All statements of a leader go through it,
 * so one that has lost the lock can neither read nor delete outbox rows. The lock is free again within
 * 4 seconds of a crash, a stop or a cut network: the server ends sessions that are silent for 3 s.
 */
export class LeaderSession {
  readonly #client: pg.Client;
  #lastContact = performance.now();
  #lost: Error | null = null;
  #keepAlive: NodeJS.Timeout | null = null;

  private constructor(client: pg.Client) {
    this.#client = client;
    client.on('error', (error) => (this.#lost ??= error));
    client.on('end', () => (this.#lost ??= new Error('The relay’s database session has ended')));
  }

  /** Connects; leads nothing yet. @throws what pg throws */
  static async open(url: string): Promise<LeaderSession> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'consent-relay',
      connectionTimeoutMillis: 3_000,
      query_timeout: 12_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 1_000,
      options: Object.entries(SESSION_SETTINGS)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
    });
    const session = new LeaderSession(client);
    try {
      await client.connect();
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    session.#keepAlive = setInterval(() => void session.#touch(), KEEP_ALIVE_MS);
    return session;
  }

  /** Takes the lock when nobody holds it. */
  async tryToLead(): Promise<boolean> {
    const { rows } = await this.query<{ leads: boolean }>('SELECT pg_try_advisory_lock($1::bigint) AS leads', [
      LOCK_KEY,
    ]);
    return rows[0]?.leads === true;
  }

  /** @param name names a prepared statement @throws when the session, and with it the lock, is gone */
  async query<R extends object>(text: string, values: unknown[] = [], name?: string): Promise<pg.QueryResult<R>> {
    if (this.#lost) throw this.#lost;
    const result = await this.#client.query<R>({ text, values, ...(name === undefined ? {} : { name }) });
    this.#lastContact = performance.now();
    return result;
  }

  /** Asks the server when the last answer is too old to be sure, as after a pause of this process. @throws when lost */
  async assertLeads(): Promise<void> {
    if (this.#lost || performance.now() - this.#lastContact > KEEP_ALIVE_MS) await this.query('SELECT 1');
  }

  /** Ends the session, which frees the lock; within a second also when the server does not answer. */
  async close(): Promise<void> {
    if (this.#keepAlive) clearInterval(this.#keepAlive);
    this.#keepAlive = null;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_WITHIN_MS)));
    if (!this.#lost) await Promise.race([this.#client.end().catch(() => undefined), limit]);
    clearTimeout(timer);
    // pg waits for ever for the end of a connection that the network has swallowed.
    (this.#client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  }

  async #touch(): Promise<void> {
    if (this.#lost || performance.now() - this.#lastContact < KEEP_ALIVE_MS / 2) return;
    await this.query('SELECT 1').catch((error: Error) => (this.#lost ??= error));
  }
}
