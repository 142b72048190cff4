import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createProducer, partitionOf, type RecordProducer } from '@consent/kafka';
import { until } from '@consent/testing';
import { newSubject } from './spec-outbox.js';
import { specRelay, type SpecRelay } from './spec-relay.js';

jest.setTimeout(60_000);
let spec: SpecRelay;
beforeAll(async () => {
  spec = await specRelay();
});
afterEach(() => spec.stopRelays());
afterAll(() => spec.close());

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const emptied = (): Promise<boolean> =>
  until('an empty outbox', async () => (await spec.outbox.waiting()) === 0, { timeoutMs: 20_000 });
/** Versions in the order of their first publication. */
const firstSeen = (subjectId: string): number[] => [...new Set(spec.versionsOf(subjectId))];
/** What a Kafka client throws for an error code of the broker. */
const brokerError = (code: number): Error => Object.assign(new Error(`error ${code} of the broker`), { code });

describe('the relay, when something fails', () => {
  it('has a standby that takes over within 5 s when the leader’s session dies, and loses nothing', async () => {
    const subjectId = newSubject();
    const relays = [await spec.start(), await spec.start()];
    const leader = await until('a leader', () => relays.find(({ state }) => state === 'leader'));
    await until('a standby', () => relays.some(({ state }) => state === 'standby'));
    await spec.outbox.insert(spec.outbox.pool, [{ subjectId, version: 1 }]);
    await until('the first', () => spec.versionsOf(subjectId).length >= 1);
    const killedAt = performance.now();
    expect(await spec.outbox.killLeader()).toBe(1);
    await spec.outbox.insert(
      spec.outbox.pool,
      upTo(50).map((n) => ({ subjectId, version: n + 1 })),
    );
    await until('the rest', () => firstSeen(subjectId).length === 51, { timeoutMs: 5_000 });
    expect(performance.now() - killedAt).toBeLessThan(5_000);
    expect(firstSeen(subjectId)).toEqual(upTo(51));
    expect(leader?.lastError).not.toBeNull();
    await until(
      'one leader, one standby',
      () =>
        relays
          .map(({ state }) => state)
          .sort()
          .join() === 'leader,standby',
    );
  });

  it('never has two leaders', async () => {
    const relays = await Promise.all(upTo(4).map(() => spec.start()));
    await until('one leader', () => relays.filter(({ state }) => state === 'leader').length === 1);
    for (let round = 0; round < 3; round++) {
      await spec.outbox.killLeader();
      await until('the next leader', async () => {
        const { rows } = await spec.outbox.pool.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        );
        expect(rows[0]?.n).toBeLessThanOrEqual(1);
        return rows[0]?.n === 1;
      });
    }
  });

  it('does no harm as a leader of the past that wakes up with a portion in its hands', async () => {
    const subjectId = newSubject();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let holds = false;
    const past = await spec.start({
      producer: spec.producerWith(async (send) => {
        holds = true;
        await held;
        await send();
      }),
    });
    await until('a leader', () => past.state === 'leader');
    await spec.outbox.insert(
      spec.outbox.pool,
      upTo(3).map((version) => ({ subjectId, version })),
    );
    await until('a portion in its hands', () => holds);
    await spec.start();
    await spec.outbox.killLeader();
    await until('the new leader’s work', () => firstSeen(subjectId).length === 3);
    await spec.outbox.insert(spec.outbox.pool, [{ subjectId, version: 4 }]);
    await until('the next version', () => firstSeen(subjectId).length === 4);
    release();
    await emptied();
    await until('the past leader to stand by', () => past.state === 'standby');
    expect(firstSeen(subjectId)).toEqual(upTo(4));
    expect(await spec.outbox.waiting()).toBe(0);
  });

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
    await emptied();
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
      expect(firstSeen(subjectId)).toEqual(upTo(4));
      expect(producer.rebuilds).toBe(1);
      await emptied();
    },
  );

  it('holds back the rows of a partition that takes nothing, in order, and no others', async () => {
    const [ill, well] = [newSubject(), newSubject()];
    const others = Array.from({ length: 200 }, newSubject).filter((id) => partitionOf(id) !== partitionOf(ill));
    let mended = false;
    await spec.start({
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
    expect(spec.versionsOf(ill)).toEqual([]);
    await spec.outbox.insert(spec.outbox.pool, [{ subjectId: ill, version: 21 }]);
    mended = true;
    await until('the held back', () => spec.versionsOf(ill).length >= 21, { timeoutMs: 20_000 });
    expect(spec.versionsOf(ill)).toEqual(upTo(21));
    await emptied();
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
    await until('all', () => spec.versionsOf(subjectId).length >= 3_000);
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
