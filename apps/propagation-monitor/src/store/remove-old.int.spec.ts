import { createDataSource, withTransaction } from '@consent/postgres';
import { type TestDatabase, testDatabase } from '@consent/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type DataSource } from 'typeorm';
import { Chunk } from '../gather/chunk.js';
import { migrations } from '../migrations.js';
import { answerTo, heartbeat, someDecision } from '../spec/wire.js';
import { readStatus } from '../status/read-status.js';
import { removeOld } from './remove-old.js';
import { storePortion } from './store-portion.js';

jest.setTimeout(60_000);

const NOW = 1_790_000_000_000;
const HOUR_MS = 3_600_000;
const SYSTEM = 'group-sharing';
const headers = { outboxWaitMs: 0, bulk: false };
const at = (timestamp: number, offset = 0) => ({ topic: 't', partition: 2, offset, timestamp });

describe('removing what is past its time', () => {
  let db: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    db = await testDatabase({ migrations });
    dataSource = createDataSource({ url: db.appUrl, applicationName: 'spec' });
    await dataSource.initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await db.drop();
  });
  const store = (chunk: Chunk) => withTransaction(dataSource, (tx) => storePortion(tx, chunk.take(Infinity), []));
  const remove = (now: number) => withTransaction(dataSource, (tx) => removeOld(tx, now, HOUR_MS));
  const lostOf = async (now: number): Promise<number | undefined> =>
    (
      await withTransaction(dataSource, (tx) =>
        readStatus(tx, { now, windowMs: HOUR_MS, decisionsTopic: 'consent.decisions' }),
      )
    ).systems.get(SYSTEM)?.heartbeat.lost;

  it('removes settled decisions only: what a system has not complied with stays', async () => {
    const [settled, open, young] = [someDecision({}, [SYSTEM]), someDecision({}, [SYSTEM]), someDecision({}, [SYSTEM])];
    const chunk = new Chunk();
    chunk.addDecision(settled, at(NOW - 2 * HOUR_MS), headers, NOW);
    chunk.addAcknowledgement(SYSTEM, answerTo(settled, SYSTEM), at(NOW - 2 * HOUR_MS + 5), NOW);
    chunk.addDecision(open, at(NOW - 2 * HOUR_MS), headers, NOW);
    chunk.addDecision(young, at(NOW - 5), headers, NOW);
    chunk.addAcknowledgement(SYSTEM, answerTo(young, SYSTEM), at(NOW), NOW);
    await store(chunk);
    expect(await remove(NOW)).toBe(false);
    const rows = await dataSource.query<{ decision_id: string }[]>('SELECT decision_id FROM propagation');
    expect(rows.map((row) => row.decision_id).sort()).toEqual([open.decisionId, young.decisionId].sort());
  });

  it('goes on counting heartbeats that were passed over after they are removed', async () => {
    const chunk = new Chunk();
    const beats = [0, 1, 2].map((offset) => ({ beat: heartbeat(2), offset }));
    for (const { beat, offset } of beats) {
      chunk.addDecision(beat, at(NOW + offset, offset), headers, NOW);
      const source = { topic: 't', partition: 2, offset };
      if (offset !== 1) chunk.addAcknowledgement(SYSTEM, answerTo(beat, SYSTEM, { source }), at(NOW + offset), NOW);
    }
    await store(chunk);
    expect(await lostOf(NOW + 20_000)).toBe(1);
    await remove(NOW + HOUR_MS);
    expect(await lostOf(NOW + HOUR_MS)).toBe(1);
    expect(await dataSource.query('SELECT source_offset FROM heartbeat')).toEqual([{ source_offset: '2' }]);
  });

  it('lets the last heartbeat of a partition and the last answer of a system grow old, and blames nobody for a late answer', async () => {
    const chunk = new Chunk();
    const OTHER = 'directory-listing';
    const beats = [10, 11, 12].map((offset) => ({ beat: heartbeat(2), source: { topic: 't', partition: 2, offset } }));
    for (const { beat, source } of beats) {
      chunk.addDecision(beat, at(NOW + source.offset, source.offset), headers, NOW);
      chunk.addAcknowledgement(SYSTEM, answerTo(beat, SYSTEM, { source }), at(NOW + source.offset), NOW);
      if (source.offset === 10)
        chunk.addAcknowledgement(OTHER, answerTo(beat, OTHER, { source }), at(NOW + source.offset), NOW);
    }
    await store(chunk);
    const lost = await lostOf(NOW + HOUR_MS);
    await remove(NOW + HOUR_MS);
    const figures = await withTransaction(dataSource, (tx) =>
      readStatus(tx, { now: NOW + HOUR_MS, windowMs: HOUR_MS, decisionsTopic: 'consent.decisions' }),
    );
    expect(figures.relay).toMatchObject([{ partition: 2, at: NOW + 12 }]);
    expect(figures.firstHeartbeatAt).toBe(NOW + 10);
    expect(figures.systems.get(OTHER)?.heartbeat).toMatchObject({ oldestAt: NOW + 10 });
    expect(figures.systems.get(SYSTEM)?.heartbeat).toMatchObject({ oldestAt: NOW + 12 });

    const late = new Chunk();
    const [, second] = beats;
    if (second)
      late.addAcknowledgement(OTHER, answerTo(second.beat, OTHER, { source: second.source }), at(NOW + HOUR_MS), NOW);
    await store(late);
    expect(await lostOf(NOW + 2 * HOUR_MS)).toBe(lost);
    await remove(NOW + 3 * HOUR_MS);
    expect(await lostOf(NOW + 3 * HOUR_MS)).toBe(lost);
  });
});
