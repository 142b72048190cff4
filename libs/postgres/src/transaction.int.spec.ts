import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { testDatabase, type TestDatabase } from '@consent/testing';
import { type DataSource } from 'typeorm';
import { createDataSource } from './data-source.js';
import { type Transaction, withTransaction } from './transaction.js';

let db: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  db = await testDatabase({ migrations: [] });
  dataSource = createDataSource({ url: db.ownerUrl, applicationName: 'spec', poolSize: 1 });
  await dataSource.initialize();
  await dataSource.query('CREATE TABLE note (id int PRIMARY KEY)');
}, 30_000);
beforeEach(() => dataSource.query('TRUNCATE note'));
afterAll(async () => {
  await dataSource.destroy();
  await db.drop();
});

const insert = (tx: Transaction, id: number) => tx.query('INSERT INTO note VALUES ($1)', [id], 'insert-note');
const notes = async (): Promise<number[]> =>
  (await dataSource.query<{ id: number }[]>('SELECT id FROM note ORDER BY id')).map(({ id }) => id);

describe('withTransaction', () => {
  it('runs statements that share a round trip in the order of the calls, in one transaction', async () => {
    const seen = await withTransaction(dataSource, async (tx) => {
      const [, first, , second] = await Promise.all([
        insert(tx, 1),
        tx.query('SELECT id FROM note'),
        insert(tx, 2),
        tx.query<{ same: boolean }>('SELECT count(DISTINCT xmin::text) = 1 AS same FROM note'),
      ]);
      return [first.rowCount, second.rows[0]?.same];
    });
    expect(seen).toEqual([1, true]);
    expect(await notes()).toEqual([1, 2]);
  });

  it('keeps nothing of a round trip in which a statement fails, and throws what failed first', async () => {
    const failing = withTransaction(dataSource, (tx) =>
      Promise.all([insert(tx, 1), tx.query('SELECT 1 / $1::int', [0]), insert(tx, 2)]),
    );
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(await notes()).toEqual([]);
  });

  it('throws what failed first, though what failed behind it was heard of first', async () => {
    const slow = async (tx: Transaction): Promise<void> => {
      try {
        await tx.query('SELECT 1 / $1::int', [0]);
      } finally {
        await new Promise(setImmediate);
      }
    };
    const behind = (tx: Transaction) => Promise.all([slow(tx), insert(tx, 1)]);
    await expect(withTransaction(dataSource, behind)).rejects.toMatchObject({ code: '22012' });
    await withTransaction(dataSource, async (tx) => {
      await expect(tx.savepoint(() => behind(tx))).rejects.toMatchObject({ code: '22012' });
      await insert(tx, 2);
      await expect(tx.savepoint(() => insert(tx, 2))).rejects.toMatchObject({ code: '23505' });
    });
    expect(await notes()).toEqual([2]);
  });

  it('undoes a savepoint and goes on, also when statements behind the failing one were on their way', async () => {
    await withTransaction(dataSource, async (tx) => {
      await insert(tx, 1);
      const inner = tx.savepoint(() => Promise.all([insert(tx, 2), insert(tx, 1), insert(tx, 3)]));
      await expect(inner).rejects.toMatchObject({ code: '23505' });
      await insert(tx, 4);
    });
    expect(await notes()).toEqual([1, 4]);
  });

  it('refuses a statement that comes after the end: the connection is somebody else’s', async () => {
    let late: Transaction | undefined;
    await withTransaction(dataSource, async (tx) => {
      late = tx;
      await insert(tx, 1);
    });
    await withTransaction(dataSource, async (tx) => {
      await insert(tx, 2);
      await expect(late && insert(late, 3)).rejects.toThrow('The transaction has ended');
    });
    expect(await notes()).toEqual([1, 2]);
  });

  it('fails all that is on its way when the session is ended, and the next one gets a new connection', async () => {
    const cut = withTransaction(dataSource, (tx) =>
      Promise.all([insert(tx, 1), tx.query('SELECT pg_terminate_backend(pg_backend_pid())'), insert(tx, 2)]),
    );
    await expect(cut).rejects.toThrow();
    await withTransaction(dataSource, (tx) => insert(tx, 5));
    expect(await notes()).toEqual([5]);
  });

  it('outlasts a session that the server ends in the very packet that says it is ready', async () => {
    const { server, url } = await endingSessions(db.ownerUrl);
    const cut = createDataSource({ url, applicationName: 'cut', poolSize: 2 });
    await cut.initialize();
    await withTransaction(cut, async (tx) => {
      await tx.query('SELECT 1');
      server.ending = true;
      await expect(withTransaction(cut, (other) => other.query('SELECT 2'))).rejects.toThrow();
    });
    server.ending = false;
    expect((await withTransaction(cut, (tx) => tx.query('SELECT 3 AS three'))).rows).toEqual([{ three: 3 }]);
    await cut.destroy();
    server.close();
  });
});

const READY = Buffer.from('5a0000000549', 'hex');
const TERMINATED = Buffer.concat([Buffer.from('4500000018', 'hex'), Buffer.from('SFATAL\0C57P01\0Mend\0\0')]);

/** A way to the server that, while `ending`, has it say in one packet that a new session is ready and that it is over. */
async function endingSessions(to: string): Promise<{ server: Server & { ending?: boolean }; url: string }> {
  const target = new URL(to);
  const server: Server & { ending?: boolean } = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    client.pipe(upstream);
    const ending = server.ending === true;
    upstream.on('data', (data) => {
      const ready = ending && data.subarray(-READY.length).equals(READY);
      client.write(ready ? Buffer.concat([data, TERMINATED]) : data);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('close', () => other.destroy()).on('error', () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(to);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return { server, url: url.href };
}
