import { migrationConfig, orExit, readConfig } from './config.js';

/**
 * The main file of a migrate job: reads MIGRATION_DATABASE_URL and APP_ROLE and says what ran. A wrong setting ends it with
 * exit code 78, any other failure with one line and 1; with LOG_LEVEL `debug` or `trace` its stack follows.
 * @param run is told where to work and for which role; returns the names of what it migrated
 */
export async function migrateJob(run: (target: { url: string; appRole: string }) => Promise<string[]>): Promise<void> {
  const { MIGRATION_DATABASE_URL: url, APP_ROLE: appRole, LOG_LEVEL } = orExit(() => readConfig(migrationConfig));
  try {
    const done = await run({ url, appRole });
    process.stdout.write(done.length === 0 ? 'Nothing to migrate\n' : `Migrated: ${done.join(', ')}\n`);
  } catch (error) {
    const { host, pathname } = new URL(url);
    process.stderr.write(`Could not migrate ${host}${pathname}: ${reason(error)}\n`);
    if (LOG_LEVEL === 'debug' || LOG_LEVEL === 'trace') console.error(error);
    process.exitCode = 1;
  }
}

/** A refused connection to a name with several addresses has a message for each and none of its own. */
const reason = (error: unknown): string =>
  error instanceof AggregateError
    ? error.errors.map(reason).join('; ')
    : error instanceof Error
      ? error.message
      : String(error);
