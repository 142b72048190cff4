import pg from 'pg';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { PLANS_FOR_FEW } from './plans-for-few.js';

export interface DataSourceSettings {
  /** postgres:// URL of the service's own database and role. */
  url: string;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** Connections kept at most. */
  poolSize?: number;
  entities?: EntityTarget<ObjectLiteral>[];
  /** All that its sessions do is to look few rows up by key: named statements are planned once a connection. */
  lookups?: boolean;
}

/**
 * Nobody listens to a connection for the moment in which the pool hands it over; a session that the server ends just then
 * would end the process. The query that follows rejects, which is the signal used.
 */
class ListenedClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** A TypeORM data source that never changes the schema: migrations are a job of their own. Not yet initialised. */
export function createDataSource({
  url,
  applicationName,
  poolSize = 4,
  entities = [],
  lookups = false,
}: DataSourceSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    // Left to itself TypeORM looks for it by name, in node_modules, which a bundle does without.
    driver: pg,
    url,
    applicationName,
    entities: entities as (new () => ObjectLiteral)[],
    poolSize,
    synchronize: false,
    migrationsRun: false,
    logging: false,
    connectTimeoutMS: 5_000,
    extra: {
      Client: ListenedClient,
      ...(lookups && { options: PLANS_FOR_FEW.map((setting) => `-c ${setting}`).join(' ') }),
      // Statements that do not wait for each other's answers share a round trip; see ADR 0011.
      pipeline: true,
      keepAlive: true,
      keepAliveInitialDelayMillis: 1_000,
      idleTimeoutMillis: 60_000,
      // A session that forgets its transaction must not hold locks for ever.
      idle_in_transaction_session_timeout: 60_000,
    },
    // pg reports a dropped idle connection here; the pool replaces it, so it is news and not a failure.
    poolErrorHandler: () => undefined,
  });
}
