import { SYSTEMS } from '@consent/events';
import { until } from '@consent/testing';
import { type Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { monitorUnderTest, type MonitorUnderTest } from './spec/monitor-under-test.js';
import { answerTo, heartbeat, someDecision } from './spec/wire.js';

const DEAD = 'ads-data-export';
const ALIVE = SYSTEMS.filter((system) => system !== DEAD);
const HOUR_MS = 3_600_000;

jest.setTimeout(60_000);

describe('a dead system and a restarted monitor', () => {
  let monitor: MonitorUnderTest;
  const decisions = Array.from({ length: 200 }, () => someDecision());

  beforeAll(async () => {
    monitor = await monitorUnderTest();
    await monitor.start();
    await monitor.speaker.decide(decisions);
    await monitor.speaker.answer(decisions.flatMap((decision) => ALIVE.map((system) => answerTo(decision, system))));
    for (const system of ALIVE)
      await until(`${system} has applied all`, async () => (await monitor.system(system)).applied === decisions.length);
  }, 60_000);
  afterAll(() => monitor.end(), 60_000);

  it('lets a system that never answered get worse with time, never fine', async () => {
    const now = Date.now();
    const early = await monitor.system(DEAD, now);
    const late = await monitor.system(DEAD, now + HOUR_MS);
    expect(early).toMatchObject({ applied: 0, pending: decisions.length, lastAnswerAt: null });
    expect(early.word).toBe('unknown');
    // The look at the topics is the monitor's own: at a later moment it proves nothing.
    expect(late.oldestUnacknowledgedAgeMs).toBe((early.oldestUnacknowledgedAgeMs ?? 0) + HOUR_MS);
    expect(late.overdue).toBe(decisions.length);
    expect(await monitor.state(decisions[0]?.decisionId ?? '', DEAD, now + HOUR_MS)).toBe('overdue');
  });

  it('keeps every figure over a restart, and goes on counting from there', async () => {
    const before = await monitor.system('group-sharing');
    const deadBefore = await monitor.system(DEAD);
    await monitor.stop();
    const more = Array.from({ length: 50 }, () => someDecision());
    await monitor.speaker.decide(more);
    await monitor.speaker.answer(more.map((decision) => answerTo(decision, 'group-sharing')));
    await monitor.start();
    await until('what came meanwhile is read', async () => (await monitor.system('group-sharing')).applied === 250);
    const after = await monitor.system('group-sharing');
    expect(after.lag.closing.count).toBe(before.lag.closing.count + more.length);
    expect(after.superseded).toBe(before.superseded);
    const dead = await monitor.system(DEAD);
    expect(dead.pending).toBe(decisions.length + more.length);
    expect(dead.oldestUnacknowledgedAgeMs).toBeGreaterThanOrEqual(deadBefore.oldestUnacknowledgedAgeMs ?? Infinity);
    expect(monitor.crashes).toEqual([]);
  });

  it('goes on from where it was also when the database was away as the group gave it its partitions', async () => {
    await monitor.stop();
    const decision = someDecision();
    await monitor.speaker.decide([decision]);
    const { master } = monitor.dataSource.driver as unknown as { master: Pool };
    const startingUp = Object.assign(new Error('the database system is starting up'), { code: '57P03' });
    const asked = jest.spyOn(master, 'connect').mockRejectedValueOnce(startingUp as never);
    await monitor.start();
    await until('what came meanwhile is read', async () => (await monitor.view(decision.decisionId)) !== null);
    await expect(asked.mock.results[0]?.value).rejects.toThrow('starting up');
    asked.mockRestore();
    expect(monitor.crashes).toEqual([]);
  });

  it('changes nothing when everything is read a second time, as after a restore', async () => {
    const before = await Promise.all(SYSTEMS.map((system) => monitor.system(system)));
    await monitor.stop();
    await monitor.dataSource.query('UPDATE read_cursor SET next_offset = 0');
    await monitor.start();
    const marker = someDecision();
    await monitor.speaker.decide([marker]);
    await until('all is read again', () => monitor.view(marker.decisionId));
    const after = await Promise.all(SYSTEMS.map((system) => monitor.system(system)));
    expect(after.map(({ applied }) => applied)).toEqual(before.map(({ applied }) => applied));
    expect(after.map(({ pending }) => pending)).toEqual(before.map(({ pending }) => pending + 1));
    expect(after.map(({ lag }) => lag.closing.count)).toEqual(before.map(({ lag }) => lag.closing.count));
  });

  it('starts at the oldest record there is when a cursor lies beyond its topic', async () => {
    await monitor.stop();
    await monitor.dataSource.query('UPDATE read_cursor SET next_offset = 1000000');
    await monitor.start();
    const marker = someDecision();
    await monitor.speaker.decide([marker]);
    await until('reading goes on', () => monitor.view(marker.decisionId));
  });
});

describe('heartbeats', () => {
  let monitor: MonitorUnderTest;
  const [ACTIVE, QUIET, PARKING] = ['directory-listing', 'group-sharing', 'ads-data-export'] as const;

  beforeAll(async () => {
    monitor = await monitorUnderTest();
    await monitor.start();
  }, 60_000);
  afterAll(() => monitor.end(), 60_000);

  it('counts one that a system passed over, once it has answered a later one of the partition', async () => {
    const beats = [heartbeat(3), heartbeat(3), heartbeat(3)];
    for (const beat of beats) await monitor.speaker.decide([beat]);
    const place = (offset: number) => ({ source: { topic: 'consent.decisions', partition: 3, offset } });
    const [first, second, third] = beats;
    if (!first || !second || !third) throw new Error('three heartbeats');
    await monitor.speaker.answer([answerTo(first, ACTIVE, place(0)), answerTo(third, ACTIVE, place(2))]);
    await until('answers are seen', async () => (await monitor.system(ACTIVE)).heartbeat.lastAt !== null);
    const soon = Date.now();
    expect((await monitor.system(ACTIVE, soon)).heartbeat.lost).toBe(0);
    expect((await monitor.system(ACTIVE, soon + 15_000)).heartbeat.lost).toBe(1);
    expect((await monitor.system(QUIET, soon + 15_000)).heartbeat).toMatchObject({ lost: 0, lastAt: null });
    await monitor.speaker.answer([answerTo(second, ACTIVE, place(1))]);
    await until(
      'the late answer is seen',
      async () => (await monitor.system(ACTIVE, soon + 15_000)).heartbeat.lost === 0,
    );
  });

  it('shows records that a system says it has parked, though no decision of theirs is known, until it says otherwise', async () => {
    const say = async (parkedRecords: number | null): Promise<void> => {
      const beat = heartbeat(4);
      await monitor.speaker.decide([beat]);
      const ranges = await monitor.topics.admin.partitionRanges(monitor.topics.topics.decisions);
      const offset = (ranges.find(({ partition }) => partition === 4)?.high ?? 0) - 1;
      const source = { topic: 'consent.decisions', partition: 4, offset };
      await monitor.speaker.answer([answerTo(beat, PARKING, { source, parkedRecords })]);
    };
    const parked = (count: number) =>
      until(`${count} are parked`, async () => (await monitor.system(PARKING)).parked === count);
    await say(7);
    await parked(7);
    await until('the word is known', async () => (await monitor.system(PARKING)).word === 'behind');
    await monitor.stop();
    await monitor.dataSource.query('UPDATE read_cursor SET next_offset = 0');
    await monitor.start();
    await say(null);
    await until('it is heard again', async () => (await monitor.system(PARKING)).word === 'behind');
    expect(await monitor.system(PARKING)).toMatchObject({ parked: 7, parkedPairs: 0 });
    await say(0);
    await parked(0);
    await until('in step again', async () => (await monitor.system(PARKING)).word === 'in-step');
  });

  it('takes no heartbeat for a decision', async () => {
    const { rows } = await count(monitor);
    expect(rows).toBe(0);
    expect(await monitor.system(ACTIVE)).toMatchObject({ applied: 0, pending: 0 });
  });

  it('shows a relay that stands still by the age of its last heartbeat', async () => {
    await until('it stands still', async () => (await monitor.relay()).word === 'stuck', { timeoutMs: 30_000 });
    expect(await monitor.relay()).toMatchObject({ stuck: true });
    // The monitor's own look at the topic proves nothing at a later moment: newer ones may wait to be read.
    const later = await monitor.relay(Date.now() + 60_000);
    expect(later).toMatchObject({ word: 'unknown', stuck: false });
    expect(later.ageMs).toBeGreaterThanOrEqual(60_000);
  });
});

async function count(monitor: MonitorUnderTest): Promise<{ rows: number }> {
  const found = await monitor.dataSource.query<{ rows: number }[]>('SELECT count(*)::int AS rows FROM propagation');
  return found[0] ?? { rows: -1 };
}
