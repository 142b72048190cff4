import { type DataSource } from 'typeorm';
import { type Writable } from 'node:stream';
import { type Pool, type PoolClient } from 'pg';
import { PLANS_FOR_FEW } from './plans-for-few.js';

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

export interface TransactionOptions {
  /**
   * For hot paths that look rows up by key: how many each statement is about. For few, named statements are planned once a
   * connection: planning costs as much as running them. For many they are planned for as many, each time. Absent: as the
   * server sees fit.
   */
  rows?: number;
}

/**
 * Runs `work` in one READ COMMITTED transaction. Throws what `work` or COMMIT throws, after ROLLBACK, and of statements that
 * failed because one before them had, that one's error; a connection that cannot even roll back is thrown away. When COMMIT itself fails the outcome is unknown: callers must be idempotent.
 */
export async function withTransaction<T>(
  dataSource: DataSource,
  work: (tx: Transaction) => Promise<T>,
  { rows }: TransactionOptions = {},
): Promise<T> {
  const client = await poolOf(dataSource).connect();
  let broken = false;
  corkTurn(client);
  const begun = client.query(beginFor(rows));
  const open = transactionOn(client, begun);
  try {
    const result = await work(open.tx);
    open.end();
    await begun;
    await client.query('COMMIT');
    return result;
  } catch (error) {
    const first = open.firstFailure(error);
    open.end();
    await client.query('ROLLBACK').catch(() => (broken = true));
    throw first;
  } finally {
    client.release(broken);
  }
}

/** From more rows than this, what a plan for few (an index probe a row) costs shows. */
const FEW = 64;

const BEGIN_FOR_FEW = `BEGIN; ${PLANS_FOR_FEW.map((setting) => `SET LOCAL ${setting}`).join('; ')}`;
// By index here too: a table that could still be read whole is not, or each of a hundred chunks would read all of it.
const BEGIN_FOR_MANY = `BEGIN;
  SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_seqscan = off; SET LOCAL random_page_cost = 1.1`;

function beginFor(rows: number | undefined): string {
  if (rows === undefined) return 'BEGIN';
  return rows <= FEW ? BEGIN_FOR_FEW : BEGIN_FOR_MANY;
}

/** TypeORM's own pool: one pool a process, with prepared statements, which TypeORM's query API cannot name. */
const poolOf = (dataSource: DataSource): Pool => (dataSource.driver as unknown as { master: Pool }).master;

/** Runs single statements, each on whichever connection is free; a name makes it a prepared statement there. */
export function readerOn(dataSource: DataSource): Pick<Transaction, 'query'> {
  return {
    async query<R>(text: string, values: readonly unknown[] = [], name?: string) {
      const { rows, rowCount } = await poolOf(dataSource).query({
        text,
        values: [...values],
        ...(name === undefined ? {} : { name }),
      });
      return { rows: rows as R[], rowCount: rowCount ?? 0 };
    },
  };
}

/** What PostgreSQL says to every statement behind the one that failed. */
const ABORTED = '25P02';

interface OpenTransaction {
  tx: Transaction;
  end: () => void;
  /** Of what was thrown, the failure behind it: statements that only came too late are not why. */
  firstFailure: (thrown: unknown) => unknown;
}

/** @param begun travels with the first statements; when it fails, no later one is sent */
function transactionOn(client: PoolClient, begun: Promise<unknown>): OpenTransaction {
  let depth = 0;
  let failure: Error | null = null;
  let ended = false;
  let aborting: unknown;
  const firstFailure = (thrown: unknown): unknown =>
    (thrown as { code?: unknown } | null)?.code === ABORTED ? (aborting ?? thrown) : thrown;
  begun.catch((error: Error) => (failure = error));
  const tx: Transaction = {
    async query<R>(text: string, values?: readonly unknown[], name?: string) {
      if (failure) throw failure;
      // The connection is somebody else's by now.
      if (ended) throw new Error('The transaction has ended');
      corkTurn(client);
      const query = {
        text,
        ...(values === undefined ? {} : { values: [...values] }),
        ...(name === undefined ? {} : { name }),
      };
      const { rows, rowCount } = await client.query(query).catch((error: unknown) => {
        aborting ??= error;
        throw error;
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
        const first = firstFailure(error);
        await client.query(`ROLLBACK TO SAVEPOINT ${name}`);
        await client.query(`RELEASE SAVEPOINT ${name}`);
        aborting = undefined;
        throw first;
      } finally {
        depth--;
      }
    },
  };
  return { tx, end: () => void (ended = true), firstFailure };
}

/** What is sent in one turn of the event loop leaves in one write, which wakes the server once. */
function corkTurn(client: PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}
