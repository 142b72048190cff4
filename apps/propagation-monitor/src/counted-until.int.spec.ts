import { PARTITIONS } from '@consent/events';
import { until } from '@consent/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { monitorUnderTest, type MonitorUnderTest } from './spec/monitor-under-test.js';
import { answerTo, heartbeat, someDecision } from './spec/wire.js';

const SYSTEM = 'directory-listing';

jest.setTimeout(60_000);

describe('the moment up to which the monitor has counted', () => {
  let monitor: MonitorUnderTest;
  /** A heartbeat on each of the first partitions, put into the outbox at a moment. */
  const beatAt = (committedAt: number, partitions = PARTITIONS): Promise<void> =>
    monitor.speaker.decide(
      Array.from({ length: partitions }, (_, partition) => ({ ...heartbeat(partition), committedAt })),
    );
  const counted = async (): Promise<{ until: number; pending: number }> => {
    const { countedUntil, pending } = await monitor.system(SYSTEM);
    return { until: countedUntil === null ? -Infinity : Date.parse(countedUntil), pending };
  };

  beforeAll(async () => {
    // A decision is held for its answers for longer than heartbeats take to be stored.
    monitor = await monitorUnderTest({ MONITOR_HOLD_MS: 2_000 });
    await monitor.start();
  }, 60_000);
  afterAll(() => monitor.end(), 60_000);

  it('is not known before every partition has shown a heartbeat', async () => {
    await beatAt(Date.now(), PARTITIONS - 1);
    await until('the heartbeats are seen', async () => (await monitor.relay()).lastHeartbeatAt !== null);
    expect((await monitor.system(SYSTEM)).countedUntil).toBeNull();
    const moment = Date.now();
    await beatAt(moment);
    await until('it is known', async () => (await counted()).until === moment);
  });

  it('never comes behind a decision that is not counted yet, though the heartbeats behind it are stored', async () => {
    const before = Date.now();
    await beatAt(before);
    await until('all before is counted', async () => (await counted()).until >= before);
    const decision = someDecision({ committedAt: before + 1 }, [SYSTEM]);
    await monitor.speaker.decide([decision]);
    await beatAt(before + 2);
    let early = 0;
    const found = await until('the moment has passed', async () => {
      const now = await counted();
      if (now.until < before + 2) early++;
      return now.until >= before + 2 ? now : null;
    });
    expect(found?.pending).toBe(1);
    expect(early).toBeGreaterThan(0);
    await monitor.speaker.answer([answerTo(decision, SYSTEM)]);
    await until('it is applied', async () => (await counted()).pending === 0);
  });

  it('is kept over a restart', async () => {
    const known = (await counted()).until;
    await monitor.stop();
    await monitor.start();
    expect((await counted()).until).toBe(known);
  });
});
