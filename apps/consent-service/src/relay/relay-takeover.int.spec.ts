import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
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

describe('the relay, when another takes over', () => {
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
    await until('the rest', () => spec.firstSeen(subjectId).length === 51, { timeoutMs: 5_000 });
    expect(performance.now() - killedAt).toBeLessThan(5_000);
    expect(spec.firstSeen(subjectId)).toEqual(upTo(51));
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
    await until('the new leader’s work', () => spec.firstSeen(subjectId).length === 3);
    await spec.outbox.insert(spec.outbox.pool, [{ subjectId, version: 4 }]);
    await until('the next version', () => spec.firstSeen(subjectId).length === 4);
    release();
    await spec.emptied();
    await until('the past leader to stand by', () => past.state === 'standby');
    expect(spec.firstSeen(subjectId)).toEqual(upTo(4));
    expect(await spec.outbox.waiting()).toBe(0);
  });

  it('sends nothing of what it had read ahead as a leader of the past', async () => {
    const subjectId = newSubject();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const sent: number[] = [];
    const past = await spec.start({
      RELAY_PORTION_ROWS: 50,
      producer: spec.producerWith(async (send, records) => {
        const ours = records.filter(({ key }) => key === subjectId).length;
        if (ours > 0) {
          sent.push(ours);
          await held;
        }
        await send();
      }),
    });
    await until('a leader', () => past.state === 'leader');
    await spec.outbox.insert(
      spec.outbox.pool,
      upTo(200).map((version) => ({ subjectId, version })),
    );
    await until('a portion in its hands', () => sent.length === 1);
    // The session is silent once the next portion is read, and says after a while that it lives.
    await until('the next one read', async () => {
      const { rowCount } = await spec.outbox.pool.query(
        `SELECT FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'consent-relay' AND query = 'SELECT 1'`,
      );
      return rowCount === 1;
    });
    await spec.start();
    await spec.outbox.killLeader();
    await until('the new leader’s work', () => spec.firstSeen(subjectId).length === 200);
    release();
    await until('the past leader to stand by', () => past.state === 'standby');
    // One portion, in which heartbeats may have had a part.
    const [first = 0] = sent;
    expect(sent).toEqual([first]);
    expect(spec.versionsOf(subjectId)).toEqual([...upTo(200), ...upTo(first)]);
    await spec.emptied();
  });
});
