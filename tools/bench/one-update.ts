import { setTimeout as pause } from 'node:timers/promises';
import { type Platform } from '../stack/platform.ts';
import { asAdministrator, inDatabase, rounded, say, secondsSince } from './fresh-platform.ts';

/**
 * The peer: the same change as one UPDATE of a flag for everybody with a row in an outbox, in one transaction, while
 * single rows are updated at the same rate as the live decisions. No rule is asked, nothing is published.
 */
export async function oneUpdate(platform: Platform, people: number, perSecond: number): Promise<void> {
  await asAdministrator(platform, async (db) => {
    await db.query(`CREATE TABLE one_update (id int PRIMARY KEY, allowed bool, version int);
      CREATE TABLE one_update_outbox (id int, allowed bool, version int)`);
    await db.query('INSERT INTO one_update SELECT id, true, 1 FROM generate_series(1, $1::int) AS id', [people]);
    const waits: number[] = [];
    const run = { isOver: false };
    const writing = inDatabase(platform.servers.databaseUrl, async (writer) => {
      for (let due = performance.now(); !run.isOver; due += 1000 / perSecond) {
        await pause(Math.max(0, due - performance.now()));
        const id = Math.ceil(Math.random() * people);
        await writer.query('UPDATE one_update SET version = version + 1 WHERE id = $1', [id]);
        waits.push(performance.now() - due);
      }
    });
    await pause(1_000);
    const started = performance.now();
    await db.query(`WITH changed AS (UPDATE one_update SET allowed = false, version = version + 1 RETURNING *)
      INSERT INTO one_update_outbox SELECT * FROM changed`);
    const seconds = secondsSince(started);
    await pause(1_000);
    run.isOver = true;
    await writing;
    say(
      `\n## peer: one UPDATE of ${people} rows with an outbox, in one transaction\n${seconds} s; the longest single write meanwhile took ${rounded(Math.max(...waits) / 1000, 2)} s; killed, it begins anew`,
    );
    await db.query('DROP TABLE one_update, one_update_outbox');
  });
}
