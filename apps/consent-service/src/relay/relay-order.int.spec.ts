import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HEADERS } from '@consent/events';
import { partitionOf } from '@consent/kafka';
import { until } from '@consent/testing';
import { newSubject } from './spec-outbox.js';
import { specRelay, type SpecRelay, upTo } from './spec-relay.js';

jest.setTimeout(30_000);
let spec: SpecRelay;
beforeAll(async () => {
  spec = await specRelay();
});
afterEach(() => spec.stopRelays());
afterAll(() => spec.close());

describe('the relay', () => {
  it('publishes a committed decision under its subject, with its trace and its wait, and removes the row', async () => {
    const subjectId = newSubject();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const relay = await spec.start();
    await spec.outbox.insert(spec.outbox.pool, [{ subjectId, version: 1, traceparent }]);
    relay.wake();
    // New topics: the broker may refuse a partition or two for a moment, and what was sent is then sent again.
    await until('the record', () => spec.versionsOf(subjectId).length >= 1, { timeoutMs: 25_000 });
    const [found] = spec.decisions().filter(({ decision }) => decision.subjectId === subjectId);
    expect(String(found?.record.key)).toBe(subjectId);
    expect(found?.record.partition).toBe(partitionOf(subjectId));
    expect(found?.record.topic).toBe(spec.on.topics.decisions);
    expect(found?.header(HEADERS.traceparent)).toBe(traceparent);
    expect(found?.header(HEADERS.lane)).toBe('live');
    expect(Number(found?.header(HEADERS.outboxWaitMs))).toBeLessThan(10_000);
    expect(found?.header(HEADERS.outboxWaitMs)).toMatch(/^\d+$/);
    await until('an empty outbox', async () => (await spec.outbox.waiting(`kind <> 'heartbeat'`)) === 0);
  });

  it('lets what follows a portion wait for company, and no full portion', async () => {
    const sent: { at: number; rows: number }[] = [];
    const producer = spec.producerWith(async (send, records) => {
      sent.push({ at: performance.now(), rows: records.length });
      await send();
    });
    const subjectId = newSubject();
    const relay = await spec.start({ producer, RELAY_LINGER_MS: 2_500, RELAY_PORTION_ROWS: 20 });
    await until('the heartbeats', () => sent.length === 1);
    await spec.outbox.insert(
      spec.outbox.pool,
      upTo(55).map((version) => ({ subjectId, version })),
    );
    relay.wake();
    await until('all of them', () => spec.versionsOf(subjectId).length >= 55);
    expect(sent.slice(1).map(({ rows }) => rows)).toEqual([20, 20, 15]);
    const [beats, first, , last] = sent.map(({ at }) => at) as [number, number, number, number];
    expect(first - beats).toBeGreaterThanOrEqual(2_490);
    expect(last - first).toBeLessThan(2_500);
  });

  it('publishes a transaction that commits late, whatever was published meanwhile', async () => {
    const [late, early] = [newSubject(), newSubject()];
    await spec.start({ RELAY_HEARTBEAT_MS: 100 });
    const client = await spec.outbox.pool.connect();
    await client.query('BEGIN');
    await spec.outbox.insert(client, [{ subjectId: late, version: 1 }]);
    await spec.outbox.insert(
      spec.outbox.pool,
      upTo(300).map((version) => ({ subjectId: early, version })),
    );
    await until('the rows with higher ids', () => spec.versionsOf(early).length >= 300);
    await spec.beats();
    expect(spec.versionsOf(late)).toEqual([]);
    await client.query('COMMIT');
    client.release();
    await until('the late one', () => spec.versionsOf(late).length >= 1);
  });

  it('keeps the order of versions when transaction ids are drawn in another order', async () => {
    const subjectId = newSubject();
    await spec.start();
    const [first, second] = [await spec.outbox.pool.connect(), await spec.outbox.pool.connect()];
    await first.query('BEGIN');
    await first.query('SELECT pg_current_xact_id()');
    await second.query('BEGIN');
    await spec.outbox.insert(second, [{ subjectId, version: 1 }]);
    await second.query('COMMIT');
    await spec.outbox.insert(first, [{ subjectId, version: 2 }]);
    await first.query('COMMIT');
    first.release();
    second.release();
    await until('both', () => spec.versionsOf(subjectId).length === 2);
    expect(spec.versionsOf(subjectId)).toEqual([1, 2]);
  });

  it('publishes every version of every subject once and in order, from writers that hold their transactions at random', async () => {
    const subjects = Array.from({ length: 5 }, newSubject);
    const lock = `SELECT pg_advisory_xact_lock(hashtext($1))`;
    const written = new Map(subjects.map((subjectId) => [subjectId, 0]));
    const relay = await spec.start({ RELAY_PORTION_ROWS: 7 });
    await Promise.all(
      Array.from({ length: 6 }, async (_, writer) => {
        for (let i = 0; i < 40; i++) {
          const subjectId = subjects[(i * 7 + writer) % subjects.length] ?? '';
          const client = await spec.outbox.pool.connect();
          await client.query('BEGIN');
          if (i % 3 === 0) await client.query('SELECT pg_current_xact_id()');
          await client.query(lock, [subjectId]);
          const version = (written.get(subjectId) ?? 0) + 1;
          written.set(subjectId, version);
          await spec.outbox.insert(client, [{ subjectId, version }]);
          await client.query('SELECT pg_sleep($1)', [((i * writer) % 5) / 1_000]);
          await client.query('COMMIT');
          client.release();
          relay.wake();
        }
      }),
    );
    await until('an empty outbox', async () => (await spec.outbox.waiting()) === 0, { timeoutMs: 20_000 });
    for (const subjectId of subjects) {
      const versions = upTo(written.get(subjectId) ?? 0);
      await until('all versions', () => spec.versionsOf(subjectId).length >= versions.length);
      expect(spec.versionsOf(subjectId)).toEqual(versions);
    }
  }, 40_000);

  it('goes on while transactions stand idle, one that reads and two that have written, and publishes what commits at last', async () => {
    const [subjectId, held, dropped] = [newSubject(), newSubject(), newSubject()];
    await spec.start({ RELAY_HEARTBEAT_MS: 100 });
    const { pool } = spec.outbox;
    const [readOnly, writer, other] = [await pool.connect(), await pool.connect(), await pool.connect()];
    await readOnly.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await readOnly.query('SELECT count(*) FROM outbox');
    await writer.query('BEGIN');
    await spec.outbox.insert(writer, [{ subjectId: held, version: 1 }]);
    await other.query('BEGIN');
    await spec.outbox.insert(other, [{ subjectId: dropped, version: 1 }]);
    for (const version of upTo(5)) {
      await spec.outbox.insert(pool, [{ subjectId, version }]);
      await until(`version ${version}`, () => spec.versionsOf(subjectId).length === version, { timeoutMs: 3_000 });
    }
    await spec.beats();
    await other.query('ROLLBACK');
    await writer.query('COMMIT');
    await readOnly.query('COMMIT');
    for (const client of [readOnly, writer, other]) client.release();
    await until('what was held', () => spec.versionsOf(held).length >= 1);
    expect(spec.versionsOf(dropped)).toEqual([]);
  });

  it('sends a replay to its own topic, with the headers of the replay', async () => {
    const subjectId = newSubject();
    await spec.start();
    const headers = {
      [HEADERS.replayId]: 'r1',
      [HEADERS.targetSystem]: 'directory-listing',
      [HEADERS.replayMode]: 'repair',
    };
    await spec.outbox.insert(spec.outbox.pool, [{ subjectId, version: 1, lane: 1, kind: 'replay', headers }]);
    await until('the record', () => spec.versionsOf(subjectId).length >= 1);
    const [found] = spec.decisions().filter(({ decision }) => decision.subjectId === subjectId);
    expect(found?.record.topic).toBe(spec.on.topics.replays);
    for (const [name, value] of Object.entries(headers)) expect(found?.header(name)).toBe(value);
    expect(found?.header(HEADERS.lane)).toBe('bulk');
  });
});
