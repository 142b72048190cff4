import { type DataSource } from 'typeorm';
import { type Pool, type PoolClient } from 'pg';

export interface QueryResult<R> {
  rows: R[];
  rowCount: number;
}

/**
 * An open transaction on one connection. Statements run in the order in which `query` was called, each seeing what was
 * committed before it began; those called without awaiting the one before travel in the same round trip.
 */
export interface Transaction {
  /** @param name names a prepared statement: parsed and planned once per connection, for hot paths */
  query<R = Record<string, unknown>>(text: string, values?: readonly unknown[], name?: string): Promise<QueryResult<R>>;
  /** Runs `work`; when it throws, what it wrote is undone, the transaction goes on, and the error is thrown. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Runs `work` in one READ COMMITTED transaction. Throws what `work` or COMMIT throws, after ROLLBACK; a connection that
 * cannot even roll back is thrown away. When COMMIT itself fails the outcome is unknown: callers must be idempotent.
 */
export async function withTransaction<T>(dataSource: DataSource, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await poolOf(dataSource).connect();
  // A connection that breaks while checked out also emits 'error'; the query in hand rejects, which is the signal used.
  client.on('error', ignore);
  let broken = false;
  const begun = client.query('BEGIN');
  const open = transactionOn(client, begun);
  try {
    const result = await work(open.tx);
    open.end();
    await begun;
    await client.query('COMMIT');
    return result;
  } catch (error) {
    open.end();
    await client.query('ROLLBACK').catch(() => (broken = true));
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

const ignore = (): void => undefined;

/** TypeORM's own pool: one pool a process, with prepared statements, which TypeORM's query API cannot name. */
const poolOf = (dataSource: DataSource): Pool => (dataSource.driver as unknown as { master: Pool }).master;

/** @param begun travels with the first statements; when it fails, no later one is sent */
function transactionOn(client: PoolClient, begun: Promise<unknown>): { tx: Transaction; end: () => void } {
  let depth = 0;
  let over: Error | null = null;
  begun.catch((error: Error) => (over = error));
  const tx: Transaction = {
    async query<R>(text: string, values?: readonly unknown[], name?: string) {
      if (over) throw over;
      const { rows, rowCount } = await client.query({
        text,
        ...(values === undefined ? {} : { values: [...values] }),
        ...(name === undefined ? {} : { name }),
      });
      return { rows: rows as R[], rowCount: rowCount ?? 0 };
    },
    async savepoint(work) {
      const name = `sp_${++depth}`;
      await client.query(`SAVEPOINT ${name}`);
      try {
        const result = await work();
        await client.query(`RELEASE SAVEPOINT ${name}`);
        return result;
      } catch (error) {
        await client.query(`ROLLBACK TO SAVEPOINT ${name}`);
        await client.query(`RELEASE SAVEPOINT ${name}`);
        throw error;
      } finally {
        depth--;
      }
    },
  };
  // The connection is somebody else's by then: a statement that comes late must not end up in another transaction.
  const end = (): void => void (over ??= new Error('The transaction has ended'));
  return { tx, end };
}
