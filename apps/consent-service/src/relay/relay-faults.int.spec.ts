import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createProducer, partitionOf, type RecordProducer } from '@consent/kafka';
import { until } from '@consent/testing';
import { newSubject } from './spec-outbox.js';
import { specRelay, type SpecRelay, upTo } from './spec-relay.js';

jest.setTimeout(60_000);
let spec: SpecRelay;
beforeAll(async () => {
  spec = await specRelay();
});
afterEach(() => spec.stopRelays());
afterAll(() => spec.close());

/** What a Kafka client throws for an error code of the broker. */
const brokerError = (code: number): Error => Object.assign(new Error(`error ${code} of the broker`), { code });

describe('the relay, when something fails', () => {
  it('publishes twice and loses nothing after a crash between the broker’s confirmation and the delete', async () => {
    const subjectId = newSubject();
    let crashes = 0;
    const relay = await spec.start({
      producer: spec.producerWith(async (send, records) => {
        await send();
        if (records.some(({ key }) => key === subjectId) && crashes === 0) crashes += await spec.outbox.killLeader();
      }),
    });
    await until('a leader', () => relay.state === 'leader');
    await spec.outbox.insert(
      spec.outbox.pool,
      upTo(5).map((version) => ({ subjectId, version })),
    );
    await until('the second publication', () => spec.versionsOf(subjectId).length === 10);
    expect(crashes).toBe(1);
    expect(spec.versionsOf(subjectId)).toEqual([...upTo(5), ...upTo(5)]);
    const ids = spec
      .decisions()
      .flatMap(({ decision }) => (decision.subjectId === subjectId ? [decision.decisionId] : []));
    expect(new Set(ids).size).toBe(5);
    await spec.emptied();
  });

  it.each([45, 59])(
    'goes on through a new producer after error %i, even when the records had arrived',
    async (code) => {
      const subjectId = newSubject();
      let broken = 0;
      const connect = async () => {
        const real = spec.on.kafka.producer({ idempotent: true, maxInFlightRequests: 1, retry: { retries: 1 } });
        await real.connect();
        return {
          disconnect: () => real.disconnect(),
          sendBatch: async (batch: Parameters<typeof real.sendBatch>[0]) => {
            const answer = await real.sendBatch(batch);
            if (broken++ === 0) throw brokerError(code);
            return answer;
          },
        };
      };
      const producer: RecordProducer = createProducer(spec.on.kafka, { connect });
      await spec.outbox.insert(
        spec.outbox.pool,
        upTo(4).map((version) => ({ subjectId, version })),
      );
      await spec.start({ producer });
      await until('all, twice', () => spec.versionsOf(subjectId).length === 8);
      expect(spec.firstSeen(subjectId)).toEqual(upTo(4));
      expect(producer.rebuilds).toBe(1);
      await spec.emptied();
    },
  );

  it('holds back the rows of a partition that takes nothing, in order, and no others', async () => {
    const [ill, well] = [newSubject(), newSubject()];
    const others = Array.from({ length: 200 }, newSubject).filter((id) => partitionOf(id) !== partitionOf(ill));
    let mended = false;
    await spec.start({
      RELAY_HEARTBEAT_MS: 100,
      producer: spec.producerWith((send, records) =>
        !mended && records.some(({ partition }) => partition === partitionOf(ill))
          ? Promise.reject(brokerError(6))
          : send(),
      ),
    });
    const rows = [ill, others[0] ?? well, others[1] ?? well].flatMap((subjectId) =>
      upTo(20).map((version) => ({ subjectId, version })),
    );
    await spec.outbox.insert(spec.outbox.pool, rows.slice(0, 30));
    await spec.outbox.insert(spec.outbox.pool, rows.slice(30));
    await until('the others', () => others.slice(0, 2).every((id) => spec.versionsOf(id).length >= 20));
    await spec.beats(others.slice(0, 2).map((id) => partitionOf(id)));
    expect(spec.versionsOf(ill)).toEqual([]);
    await spec.outbox.insert(spec.outbox.pool, [{ subjectId: ill, version: 21 }]);
    mended = true;
    await until('the held back', () => spec.versionsOf(ill).length >= 21, { timeoutMs: 20_000 });
    expect(spec.versionsOf(ill)).toEqual(upTo(21));
    await spec.emptied();
  });

  it('keeps the order of a subject when a portion fails while the next has been read already', async () => {
    const subjectId = newSubject();
    await spec.outbox.insert(
      spec.outbox.pool,
      upTo(1_000).map((version) => ({ subjectId, version })),
    );
    let portions = 0;
    await spec.start({
      RELAY_PORTION_ROWS: 50,
      producer: spec.producerWith((send, records) =>
        records.some(({ key }) => key === subjectId) && ++portions === 2 ? Promise.reject(new Error('once')) : send(),
      ),
    });
    await until('all', () => spec.firstSeen(subjectId).length === 1_000, { timeoutMs: 20_000 });
    expect(portions).toBeGreaterThan(20);
    expect(spec.firstSeen(subjectId)).toEqual(upTo(1_000));
    await spec.emptied();
  });

  it('waits while the broker confirms nothing, with at most one heartbeat a partition, and then publishes all', async () => {
    const subjectId = newSubject();
    let away = true;
    let tries = 0;
    const relay = await spec.start({
      RELAY_HEARTBEAT_MS: 100,
      producer: spec.producerWith((send) => (tries++, away ? Promise.reject(new Error('away')) : send())),
    });
    await spec.outbox.insert(
      spec.outbox.pool,
      upTo(10).map((version) => ({ subjectId, version })),
    );
    await until('several tries', () => tries > 8);
    expect(await spec.outbox.waiting(`kind = 'heartbeat'`)).toBe(12);
    expect(relay.state).toBe('leader');
    await spec.outbox.killLeader();
    const triesBefore = tries;
    await until('tries of the next lead', () => tries > triesBefore + 2);
    expect(await spec.outbox.waiting(`kind = 'heartbeat'`)).toBe(12);
    away = false;
    await until('all', () => spec.versionsOf(subjectId).length >= 10);
    expect(spec.versionsOf(subjectId)).toEqual(upTo(10));
    const before = spec.heartbeats().length;
    await until('heartbeats that go on', () => spec.heartbeats().length >= before + 12);
  });

  it('finishes the portion in hand when stopped, and leaves the rest to its successor', async () => {
    const subjectId = newSubject();
    const relay = await spec.start({ RELAY_PORTION_ROWS: 50 });
    await spec.outbox.insert(
      spec.outbox.pool,
      upTo(3_000).map((version) => ({ subjectId, version })),
    );
    await until('some', () => spec.versionsOf(subjectId).length > 0);
    await relay.stop();
    expect(relay.state).toBe('stopped');
    const left = await spec.outbox.waiting(`kind = 'decision'`);
    await spec.start();
    await until('all', () => spec.versionsOf(subjectId).length >= 3_000, { timeoutMs: 30_000 });
    expect(left).toBeGreaterThan(0);
    expect(spec.versionsOf(subjectId)).toEqual(upTo(3_000));
  });

  it('leaves a subject whose row cannot be encoded in the outbox, with all that follows, and goes on with others', async () => {
    const [ill, well] = [newSubject(), newSubject()];
    await spec.outbox.insert(spec.outbox.pool, [{ subjectId: ill, version: 1 }]);
    await spec.outbox.pool.query(
      `INSERT INTO outbox (lane, kind, position, subject_id, partition) VALUES (0, 'decision', 2000000000, $1, 3)`,
      [ill],
    );
    await spec.outbox.insert(spec.outbox.pool, [
      { subjectId: ill, version: 2 },
      { subjectId: well, version: 1 },
    ]);
    const relay = await spec.start();
    await until('the other subject', () => spec.versionsOf(well).length >= 1);
    await spec.outbox.insert(spec.outbox.pool, [{ subjectId: well, version: 2 }]);
    relay.wake();
    await until('the other subject again', () => spec.versionsOf(well).length === 2);
    expect(spec.versionsOf(ill)).toEqual([1]);
    await until('two rows left', async () => (await spec.outbox.waiting()) === 2);
  });
});
