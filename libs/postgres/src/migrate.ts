import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';

/** A folder of numbered .sql files and the history they are recorded in. */
export interface MigrationSet {
  /** Suffix of the history table `migrations_<name>`. */
  name: string;
  /** Folder with NNNN-name.sql files. */
  dir: string | URL;
}

interface MigrationFile {
  number: number;
  name: string;
  sql: string;
}

/**
 * Runs the pending migrations of each set, in order, each file in a transaction of its own. `:app_role` in the SQL
 * stands for the role that the service uses, so that grants are migrations too.
 * @throws Error naming the file, when one fails; nothing of that file remains
 */
export async function migrate(options: {
  url: string;
  appRole: string;
  migrations: MigrationSet[];
}): Promise<string[]> {
  const done: string[] = [];
  for (const set of options.migrations) {
    const dataSource = new DataSource({
      type: 'postgres',
      driver: pg,
      url: options.url,
      applicationName: 'migrate',
      migrations: filesOf(set).map((file) => migrationClass(set, file, options.appRole)),
      migrationsTableName: historyTable(set),
      migrationsTransactionMode: 'each',
      synchronize: false,
      poolSize: 2,
    });
    await dataSource.initialize();
    try {
      // Two deploy jobs at once: the second waits here and then finds nothing to do.
      const runner = dataSource.createQueryRunner();
      await runner.query('SELECT pg_advisory_lock(hashtext($1))', [historyTable(set)]);
      try {
        done.push(...(await dataSource.runMigrations({ transaction: 'each' })).map((m) => m.name));
        await runner.query(`GRANT SELECT ON "${historyTable(set)}" TO ${quoted(options.appRole)}`);
      } finally {
        await runner.query('SELECT pg_advisory_unlock(hashtext($1))', [historyTable(set)]);
        await runner.release();
      }
    } finally {
      await dataSource.destroy();
    }
  }
  return done;
}

/** @throws Error that says to run the migrate job, when a migration this build needs is missing */
export async function assertMigrated(dataSource: DataSource, migrations: MigrationSet[]): Promise<void> {
  for (const set of migrations) {
    const wanted = filesOf(set).map((file) => className(set, file));
    const found = await dataSource
      .query<{ name: string }[]>(`SELECT name FROM "${historyTable(set)}"`)
      .catch((error: Error & { code?: string }) => {
        if (error.code === '42P01') return [];
        throw error;
      });
    const names = new Set(found.map((row) => row.name));
    const missing = wanted.filter((name) => !names.has(name));
    if (missing.length > 0)
      throw new Error(
        `The database lacks the migrations ${missing.join(', ')}: run the migrate job of this service first`,
      );
  }
}

const historyTable = (set: MigrationSet): string => `migrations_${set.name.replaceAll('-', '_')}`;

const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

/** TypeORM orders by the trailing 13 digits of the class name and stores the name. */
const className = (set: MigrationSet, file: MigrationFile): string =>
  `${set.name}-${file.name}-${String(file.number).padStart(13, '0')}`;

function migrationClass(set: MigrationSet, file: MigrationFile, appRole: string): new () => MigrationInterface {
  return class implements MigrationInterface {
    name = className(set, file);
    async up(runner: QueryRunner): Promise<void> {
      try {
        await runner.query(file.sql.replaceAll(':app_role', quoted(appRole)));
      } catch (cause) {
        throw new Error(`Migration ${set.name}/${file.name} failed: ${String(cause)}`, { cause });
      }
    }
    async down(): Promise<void> {
      throw new Error(`Migration ${file.name} goes forward only: restore a backup to go back`);
    }
  };
}

function filesOf(set: MigrationSet): MigrationFile[] {
  const dir = set.dir instanceof URL ? fileURLToPath(set.dir) : set.dir;
  const files = readdirSync(dir)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  if (files.length === 0) throw new Error(`No .sql migrations in ${dir}`);
  return files.map((name, index) => {
    const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1]);
    if (number !== index + 1)
      throw new Error(
        `Migration ${path.join(dir, name)}: expected the number ${String(index + 1).padStart(4, '0')}, as in NNNN-what-it-does.sql without gaps`,
      );
    return { number, name: name.slice(0, -4), sql: readFileSync(path.join(dir, name), 'utf8') };
  });
}
