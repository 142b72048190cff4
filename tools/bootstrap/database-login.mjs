/** A server that has not let us in by then is one that does not answer. */
const WITHIN_MS = 4_000;

const RIGHTS = `
SELECT current_user AS role, rolsuper OR rolcreaterole AS roles, rolsuper OR rolcreatedb AS databases
  FROM pg_roles WHERE rolname = current_user`;

const MEND = {
  '28P01': 'give the right password in DATABASE_URL',
  28000: 'give a role in DATABASE_URL that may log in from here',
  '3D000': 'name a database in DATABASE_URL that exists, such as /postgres',
};

/**
 * Logs in. @returns why a start could not work with the database, 'unknown' while the packages that can tell are not
 * installed, or undefined when all is well
 */
export async function databaseRefusal(url) {
  const pg = await packageOf('pg');
  if (!pg) return 'unknown';
  let client;
  try {
    client = new pg.default.Client({
      connectionString: url,
      connectionTimeoutMillis: WITHIN_MS,
      query_timeout: WITHIN_MS,
    });
    client.on('error', () => {});
    await client.connect();
    const [found] = (await client.query(RIGHTS)).rows;
    if (found.roles && found.databases) return undefined;
    return {
      found: `DATABASE_URL: role ${found.role} may not create roles and databases`,
      mend: `ALTER ROLE ${found.role} CREATEROLE CREATEDB, or give an administrator's role`,
    };
  } catch (error) {
    const mend =
      MEND[error.code] ?? "expected postgres://user:password@host:port/database with an administrator's role";
    return { found: `DATABASE_URL: PostgreSQL refuses: ${oneLine(error.message)}`, mend };
  } finally {
    await client?.end().catch(() => {});
  }
}

const oneLine = (text) => text.replaceAll(/\s+/g, ' ').trim();

async function packageOf(name) {
  try {
    return await import(name);
  } catch {
    return undefined;
  }
}
